import type { Kind, Kinds } from './kinds.js';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

/** The place in the API that a request's path names. */
export interface Place {
  readonly kind: Kind;
  /** The version asked for, which need not be the one in which objects are kept. */
  readonly version: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/**
 * The segments of a path; undefined when it cannot be decoded. It is decoded before it is split, as by the real API
 * server: a name with `%2F` in it reaches another place.
 */
export function segmentsOf(path: string): string[] | undefined {
  try {
    return decodeURIComponent(path).split('/').slice(1);
  } catch {
    return undefined;
  }
}

/** The place that `/api/v1/...` or `/apis/group/version/...` names; undefined when nothing is served there. */
export function placeOf(segments: readonly string[], kinds: Kinds): Place | undefined {
  const [root, ...rest] = segments;
  const [group, version = '', ...path] =
    root === 'api' ? ['', ...rest] : root === 'apis' ? rest : [];
  if (group === undefined || (root === 'apis' && group === '')) return undefined;
  const at = (kind: Kind | undefined, namespace: string | undefined, tail: readonly string[]) => {
    const [name, subresource, ...more] = tail;
    if (!kind || more.length > 0 || name === '') return undefined;
    if (subresource !== undefined && !kind.subresources.includes(subresource)) return undefined;
    return {
      kind,
      version,
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
      ...(subresource !== undefined && { subresource }),
    };
  };
  if (path[0] === 'namespaces' && path.length > 2 && path[2] !== 'status') {
    const [, namespace = '', plural = '', ...tail] = path;
    const kind = kinds.find(group, version, plural);
    return kind?.namespaced ? at(kind, namespace, tail) : undefined;
  }
  const [plural = '', ...tail] = path;
  const kind = kinds.find(group, version, plural);
  if (kind?.namespaced && tail.length > 0) return undefined;
  return at(kind, undefined, tail);
}

/** `PATCH /apis/cluster.x-k8s.io/v1beta2/namespaces/{}/clusters/{}`: a request without the names in it. */
export function methodOf(method: string, path: string, place: Place | undefined): string {
  if (!place) return `${method} ${path}`;
  const { kind, version, namespace, name, subresource } = place;
  const root = kind.group === '' ? `/api/${version}` : `/apis/${kind.group}/${version}`;
  return `${method} ${root}${namespace === undefined ? '' : '/namespaces/{}'}/${kind.plural}${
    name === undefined ? '' : '/{}'
  }${subresource === undefined ? '' : `/${subresource}`}`;
}

/** What a request does to a place; undefined when the place does not take the method. */
export function verbOf(
  method: string,
  { kind, namespace, name }: Place,
  watches: boolean,
): Verb | undefined {
  if (method === 'GET') return name !== undefined ? 'get' : watches ? 'watch' : 'list';
  if (name !== undefined)
    return ({ PUT: 'update', PATCH: 'patch', DELETE: 'delete' } as const)[method];
  return method === 'POST' && (namespace !== undefined || !kind.namespaced) ? 'create' : undefined;
}

const everywhere = ['pretty', 'timeout'];
const reading = ['labelSelector', 'fieldSelector', 'limit', 'continue', 'resourceVersion'];
const alsoReading = ['resourceVersionMatch', 'watch', 'timeoutSeconds', 'allowWatchBookmarks'];
const listing = [...reading, ...alsoReading, 'sendInitialEvents'];
const changing = ['dryRun', 'fieldManager', 'fieldValidation'];
const parameters: Record<Verb, readonly string[]> = {
  get: ['resourceVersion'],
  list: listing,
  watch: listing,
  create: changing,
  update: changing,
  patch: [...changing, 'force'],
  delete: ['dryRun', 'gracePeriodSeconds', 'propagationPolicy', 'orphanDependents'],
};

/** Query parameters that the real API server would silently ignore. */
export const strangeParameters = (query: URLSearchParams, verb: Verb | undefined): string[] =>
  [...query.keys()].filter(
    (name) => !everywhere.includes(name) && !(verb && parameters[verb].includes(name)),
  );
