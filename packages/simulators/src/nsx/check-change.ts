import { type Fields, parentOf } from './new-object.js';
import { forbidden, invalid, NsxError } from './nsx-error.js';
import type { User } from './roles.js';
import type { PolicyObject } from './store.js';
import type { World } from './world.js';

/** Whether a revision has to be the current one: `must`, only when there is one, or not at all. */
export type RevisionRule = 'must' | 'if-given' | 'ignored';

/** What a body says of itself must be what its path says. */
export function checkIdentity(path: string, type: string, fields: Fields): void {
  const id = path.slice(path.lastIndexOf('/') + 1);
  if (fields['id'] !== undefined && fields['id'] !== id)
    throw invalid(`Field id is '${fields['id']}', the path says '${id}'.`);
  const given = fields['resource_type'];
  if (given !== undefined && given !== type)
    throw invalid(`Field resource_type is '${given}', ${type} is expected.`);
}

interface Revised {
  readonly path: string;
  readonly before: PolicyObject | undefined;
  readonly fields: Fields;
  readonly rule: RevisionRule;
}

/** A revision that is not the current one means that somebody else has changed, or deleted, the object. */
export function checkRevision({ settings }: World, { path, before, fields, rule }: Revised): void {
  const given = fields['_revision'];
  if (rule === 'ignored' || (given === undefined && (rule === 'if-given' || !before))) return;
  if (!before)
    throw new NsxError(404, 500090, `The object path=[${path}] with _revision ${given} is gone.`);
  if (given === before._revision) return;
  const { staleStatus } = settings;
  throw new NsxError(
    staleStatus,
    staleStatus === 400 ? 500087 : 604,
    `The object path=[${path}] has _revision ${before._revision}, not ${given ?? 'none'}: it has been changed by somebody else. Fetch the latest copy of the object and retry the operation.`,
    staleStatus === 400 ? 'policy' : 'common-services',
  );
}

/** System objects of these types are as the manager wants them; its settings are there to be changed. */
const untouchable = new Set(['Group', 'Service', 'PolicyContextProfile', 'IdsProfile']);

/** Some objects change only when the request insists, and some never. */
export function checkProtection(object: PolicyObject, overwrite: boolean): void {
  if (object['_protection'] === 'REQUIRE_OVERRIDE' && !overwrite)
    throw forbidden(
      `The object path=[${object.path}] is protected. It is changed only with the header X-Allow-Overwrite: true.`,
    );
  if (object['_protection'] === 'PROTECTED')
    throw forbidden(`The object path=[${object.path}] is protected and cannot be changed.`);
  if (object['_system_owned'] === true && untouchable.has(object.resource_type))
    throw invalid(`The object path=[${object.path}] is owned by the system.`);
}

/** A locked policy and its rules change only by the account that locked it; an enterprise admin may unlock it. */
export function checkLock({ objects }: World, user: User, path: string, fields: Fields): void {
  const own = objects.get(path);
  const policy = own?.['locked'] === true ? own : objects.get(parentOf(path));
  if (policy?.['locked'] !== true) return;
  const unlocks = policy === own && fields['locked'] === false && user.role === 'enterprise_admin';
  if (policy['lock_modified_by'] === user.username || unlocks) return;
  throw invalid(
    `The policy path=[${policy.path}] is locked by ${policy['lock_modified_by']}. Nobody else can change it.`,
  );
}
