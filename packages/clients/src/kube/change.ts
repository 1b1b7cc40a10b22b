import { ApiError } from '../http/errors.js';
import { targetOf, withQuery } from './place.js';
import { fieldsOf } from './status.js';
import type { Change, Fields, ObjectPlace, Resource } from './types.js';

/** Unknown and doubled fields are errors, not dropped in silence. */
const strict = { fieldValidation: 'Strict' };

/** What a DELETE insists on: the object that was looked at, and no other of the same name. */
export interface Deletion {
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** The server's default for the kind when absent. */
  readonly propagation?: 'Foreground' | 'Background' | 'Orphan';
}

/** The request that creates an object in `namespace` (undefined: not in one), or with a `subresource` asks for one. */
export const creation = (
  resource: Resource,
  namespace: string | undefined,
  object: Fields,
): Change => ({
  method: 'POST',
  target: targetOf(resource, { namespace }, strict),
  body: { apiVersion: apiVersionOf(resource), kind: resource.kind, ...object },
});

/**
 * The request that merges `patch` into an object: lists are replaced whole, null removes. With
 * `metadata.resourceVersion` in the patch a stale one is CONFLICT.
 */
export const mergePatch = (resource: Resource, place: ObjectPlace, patch: Fields): Change => ({
  method: 'PATCH',
  target: targetOf(resource, place, strict),
  contentType: 'application/merge-patch+json',
  body: patch,
});

/** The request that replaces an object; its `metadata.resourceVersion` must be the one that is there. */
export const replacement = (resource: Resource, place: ObjectPlace, object: Fields): Change => ({
  method: 'PUT',
  target: targetOf(resource, place, strict),
  body: object,
});

export function deletion(
  resource: Resource,
  place: ObjectPlace,
  { uid, resourceVersion, propagation }: Deletion = {},
): Change {
  const preconditions = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
  return {
    method: 'DELETE',
    target: targetOf(resource, place),
    body: {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      ...(propagation && { propagationPolicy: propagation }),
      ...(Object.keys(preconditions).length > 0 && { preconditions }),
    },
  };
}

/**
 * The same request, to be checked by the server and not done. A DELETE says so in its body: with a body the server
 * does not look at the query, and deletes.
 */
export function rehearsal(change: Change): Change {
  const { method, target, body } = change;
  if (method === 'DELETE') {
    const options = { apiVersion: 'v1', kind: 'DeleteOptions', ...fieldsOf(body) };
    return { ...change, body: { ...options, dryRun: ['All'] } };
  }
  const query = queryOf(target);
  const added = {
    ...(!query.has('dryRun') && { dryRun: 'All' }),
    ...(!query.has('fieldValidation') && strict),
  };
  return { ...change, target: withQuery(target, added) };
}

/** Throws for a target that is not one of the API's objects, and for a change that would not be done. */
export function checkChange(change: Change): void {
  const { target, body, method } = change;
  const [path = ''] = target.split('?');
  const isPlain = /^\/apis?\/[\x21-\x7e]+$/.test(target) && !/[#\\]/.test(target);
  const leadsAway = path.split('/').some((part) => /^(\.|%2e)*$/i.test(part) && part !== '');
  // The server decodes a path before it takes it apart: `%2f` is a slash to it.
  const hides = /%(2f|5c|25|[01][0-9a-f]|7f)|%(?![0-9a-f]{2})/i.test(path);
  if (!isPlain || leadsAway || hides || /\/\/|\/$/.test(path)) throw invalid(target);
  const asked = queryOf(target).has('dryRun');
  const wants = method === 'DELETE' && 'dryRun' in fieldsOf(body);
  if ((asked || wants) && !isRehearsal(change)) throw invalid(target);
}

/** Whether the server does no more than check a change. */
export function isRehearsal({ method, target, body }: Change): boolean {
  const inBody = fieldsOf(body)['dryRun'];
  const said: readonly unknown[] =
    method === 'DELETE' ? (Array.isArray(inBody) ? inBody : []) : queryOf(target).getAll('dryRun');
  return said.length === 1 && said[0] === 'All';
}

const queryOf = (target: string) => new URLSearchParams(target.split('?')[1] ?? '');

const apiVersionOf = ({ group, version }: Resource) => (group ? `${group}/${version}` : version);

const invalid = (target: string) =>
  new ApiError(
    'INVALID_ARGUMENT',
    `${JSON.stringify(target.slice(0, 300))} is not the target of a change`,
    { remedy: 'Name objects as the server lists them.' },
  );
