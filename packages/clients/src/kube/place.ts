import { ApiError } from '../http/errors.js';
import type { ObjectPlace, Resource } from './types.js';

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const subdomain = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
/** Roles and their bindings may be called anything that is one segment of a path: `wcp:dev:user:x@y`. */
const segment = /^(?!\.{1,2}$)[^/%\p{Cc}\p{Surrogate}]{1,253}$/u;
const word = /^[a-z][a-z0-9]*$/;

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * The request target of a resource, or of one object. Throws INVALID_ARGUMENT for a name that Kubernetes
 * would not take, so no name leads to another route.
 */
export function targetOf(
  resource: Resource,
  place: Partial<ObjectPlace> = {},
  query: Query = {},
): string {
  const { group, version, plural, namespaced } = resource;
  const { namespace, name, subresource } = place;
  if (!word.test(plural) || !word.test(version) || !(group === '' || subdomain.test(group)))
    throw refuse(`${plural}.${version}.${group}`, 'resource');
  if (namespace !== undefined && !namespaced)
    throw invalid(`${plural} are not in a namespace, but ${JSON.stringify(namespace)} was named`);
  if (namespace === undefined && namespaced && name !== undefined)
    throw invalid(`${plural} are in namespaces, and none was named`);
  const parts = group === '' ? ['/api', version] : ['/apis', group, version];
  if (namespace !== undefined) parts.push('namespaces', checked(namespace, label, 'namespace'));
  parts.push(plural);
  if (name !== undefined) {
    const form = group === 'rbac.authorization.k8s.io' ? segment : subdomain;
    parts.push(encodeURIComponent(checked(name, form, 'name')));
    if (subresource !== undefined) parts.push(checked(subresource, word, 'subresource'));
  }
  return withQuery(parts.join('/'), query);
}

/** Adds to the query of a target; entries that are undefined are left out. */
export function withQuery(target: string, query: Query): string {
  const words = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`],
  );
  if (words.length === 0) return target;
  return `${target}${target.includes('?') ? '&' : '?'}${words.join('&')}`;
}

/** `clusters.v1beta1.cluster.x-k8s.io`, as kubectl writes it. */
export const nameOfResource = ({ plural, version, group }: Resource): string =>
  [plural, version, group].filter(Boolean).join('.');

function checked(text: string, form: RegExp, what: string): string {
  if (form.test(text)) return text;
  throw refuse(text, what);
}

const refuse = (text: string, what: string) =>
  invalid(`${JSON.stringify(text.slice(0, 300))} cannot be the ${what} of a Kubernetes object`);

const invalid = (message: string) =>
  new ApiError('INVALID_ARGUMENT', message, {
    remedy: 'Use lower-case letters, digits and dashes, as the server lists the object.',
  });
