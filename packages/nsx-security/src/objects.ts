import { ApiError } from '@vmware/clients/http';
import {
  type Change,
  encodePath,
  type Group,
  idOf,
  type Nsx,
  nearest,
  type PolicyObject,
  type Rule,
  type Scope,
  type SecurityPolicy,
  scopeOf,
  segment,
} from '@vmware/clients/nsx';
import { Refusal } from '@vmware/policy';

/** Everything a tool needs to reach the objects of one scope. */
export interface Place {
  readonly nsx: Nsx;
  readonly scope: Scope;
  readonly signal: AbortSignal;
}

export const placeOf = (
  nsx: Nsx,
  nsx_scope: string | undefined,
  { signal }: { readonly signal: AbortSignal },
): Place => ({ nsx, scope: scopeOf(nsx_scope), signal });

/** The request target of a policy path in this scope's API. */
export const targetOf = ({ scope }: Pick<Place, 'scope'>, path: string): string =>
  `${scope.api}${encodePath(path)}`;

/** A path as NSX reports it, for `targetOf`: a percent sign in it is one, and no encoding. */
export const inUrl = (path: string): string => path.replaceAll('%', '%25');

export const policyPath = ({ scope }: Pick<Place, 'scope'>, id: string): string =>
  `${scope.domain}/security-policies/${segment(id)}`;
export const rulePath = (place: Pick<Place, 'scope'>, policy: string, rule: string): string =>
  `${policyPath(place, policy)}/rules/${segment(rule)}`;
export const groupPath = ({ scope }: Pick<Place, 'scope'>, id: string): string =>
  `${scope.domain}/groups/${segment(id)}`;

/** GET of an object that must be there. Throws NOT_FOUND naming the command that lists its kind. */
export async function read<T>(place: Place, path: string, list: string): Promise<T> {
  const found = await place.nsx.find<T>(targetOf(place, path), { signal: place.signal });
  if (found !== undefined) return found;
  const [near] = nearest(idOf(path), await idsBeside(place, path));
  const see = `Run \`vmware-nsx-security ${list}\` to see what there is.`;
  throw new Refusal(
    'NOT_FOUND',
    `There is no ${decodeURIComponent(path)} in the scope ${place.scope.name}.`,
    near === undefined ? see : `Did you mean ${quoted(near)}? ${see}`,
  );
}

/** Ids of the objects of the same list; none when it cannot be read: they only help with a typing mistake. */
async function idsBeside({ nsx, scope, signal }: Place, path: string): Promise<string[]> {
  const list = path.slice(0, path.lastIndexOf('/'));
  try {
    const objects = await nsx.list<PolicyObject>(targetOf({ scope }, list), { signal });
    return objects.map(({ id }) => id);
  } catch {
    return [];
  }
}

export const readPolicy = (place: Place, id: string): Promise<SecurityPolicy> =>
  read(place, policyPath(place, id), 'policy list');
export const readGroup = (place: Place, id: string): Promise<Group> =>
  read(place, groupPath(place, id), 'group list');
export const readRule = (place: Place, policy: string, rule: string): Promise<Rule> =>
  read(place, rulePath(place, policy, rule), `rule list ${quoted(policy)}`);

/** The rules of a policy, in no order. Throws NOT_FOUND where there is no such policy, and not only no rules. */
export async function readRules(place: Place, policy: string): Promise<Rule[]> {
  const target = targetOf(place, `${policyPath(place, policy)}/rules`);
  try {
    const rules = await place.nsx.list<Rule>(target, { signal: place.signal });
    if (rules.length > 0) return rules;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'NOT_FOUND') throw error;
  }
  await readPolicy(place, policy);
  return [];
}

/** An id as it is typed in a shell. */
export const quoted = (word: string): string =>
  /^[\w.:/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Whether something is there already: a create never overwrites. Undefined: nothing is, which is well. */
export async function existing(place: Place, path: string): Promise<string | undefined> {
  const there = await place.nsx.find<PolicyObject>(targetOf(place, path), { signal: place.signal });
  if (there === undefined) return undefined;
  return `${decodeURIComponent(path)} exists already (${there.display_name ?? there.id}); creating it would overwrite it.`;
}

/** PUT of a new object; without `_revision` NSX refuses it when somebody else was quicker. */
export const creation = (
  place: Place,
  path: string,
  body: Readonly<Record<string, unknown>>,
): Change => ({
  method: 'PUT',
  target: targetOf(place, path),
  body,
});

/** PUT of an object as it was read, with these fields changed. Its `_revision` goes along. */
export function replacement(
  place: Place,
  object: PolicyObject,
  fields: Readonly<Record<string, unknown>>,
): Change {
  if (object._revision === undefined)
    throw new ApiError('UPSTREAM', `${object.path} was read without its _revision`, {
      remedy: 'Check that host: names an NSX Manager, and proxies between here and there.',
    });
  return {
    method: 'PUT',
    target: targetOf(place, inUrl(object.path)),
    body: { ...writable(object), ...fields },
  };
}

export const deletion = (place: Place, path: string): Change => ({
  method: 'DELETE',
  target: targetOf(place, path),
});

const readOnly = new Set([
  '_create_time',
  '_create_user',
  '_last_modified_time',
  '_last_modified_user',
  '_links',
  '_schema',
  '_self',
]);

/** An object without what only NSX writes. */
export const writable = (object: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !readOnly.has(key)));
