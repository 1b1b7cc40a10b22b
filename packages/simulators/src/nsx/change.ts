import {
  checkIdentity,
  checkLock,
  checkProtection,
  checkRevision,
  type RevisionRule,
} from './check-change.js';
import { checkObject } from './check-object.js';
import { checkReferences } from './check-references.js';
import { referencesTo } from './compute/references.js';
import { changed, type Fields, newObject, parentOf, readOnly } from './new-object.js';
import { inUse, invalid, NsxError, noSuchObject } from './nsx-error.js';
import type { User } from './roles.js';
import type { PolicyObject } from './store.js';
import type { World } from './world.js';

/** One object to be written. */
export interface Write {
  readonly path: string;
  readonly type: string;
  /** Fields as a client sent them, checked against the type. */
  readonly fields: Fields;
  /** PUT replaces what is embedded, PATCH adds to it. */
  readonly replaces: boolean;
  readonly revision: RevisionRule;
  /** Whether fields that are left out keep their values. */
  readonly partial: boolean;
}

const ruleTypes: Readonly<Record<string, string>> = {
  SecurityPolicy: 'Rule',
  GatewayPolicy: 'Rule',
  IdsSecurityPolicy: 'IdsRule',
};

/** Changes to policy objects that are made together or not at all. What they refer to is checked at the end. */
export class Change {
  readonly #world: World;
  readonly #user: User;
  readonly #overwrite: boolean;
  readonly #written = new Set<string>();
  readonly #erased = new Set<string>();

  /** Does everything `act` says; nothing when it throws, or when something refers to what is not there. */
  static make<T>(world: World, user: User, overwrite: boolean, act: (change: Change) => T): T {
    return world.objects.atOnce(() => {
      const change = new Change(world, user, overwrite);
      const answer = act(change);
      change.#check();
      return answer;
    });
  }

  private constructor(world: World, user: User, overwrite: boolean) {
    this.#world = world;
    this.#user = user;
    this.#overwrite = overwrite;
  }

  write({ path, type, fields, ...how }: Write): PolicyObject {
    const { objects, clock } = this.#world;
    const before = objects.get(path);
    checkIdentity(path, type, fields);
    const parent = parentOf(path);
    if (!objects.get(parent) && !parent.includes('/settings/')) throw noSuchObject(parent);
    if (!before && objects.buried(clock.now()).some((each) => each.path === path))
      throw new NsxError(400, 500045, `The object path=[${path}] is being deleted.`);
    checkRevision(this.#world, { path, before, fields, rule: how.revision });
    if (before) checkProtection(before, this.#overwrite);
    checkLock(this.#world, this.#user, path, fields);
    const { rules, ...own } = writable(fields);
    const user = this.#user.username;
    const after = before
      ? changed(this.#world, before, own, user, how.partial)
      : newObject(this.#world, path, type, own, user);
    const object = { ...after, ...this.#lockOf(before, after), ...placed(after) };
    checkObject(object, before, this.#world);
    objects.set(object);
    this.#written.add(path);
    if (rules !== undefined || (how.replaces && ruleTypes[type])) this.#embed(object, rules, how);
    return object;
  }

  erase(path: string): void {
    const { objects, clock, settings } = this.#world;
    const object = objects.get(path);
    if (!object) throw noSuchObject(path);
    if (object['_system_owned'] === true || object['is_default'] === true)
      throw invalid(`The object path=[${path}] is owned by the system and cannot be deleted.`);
    checkProtection(object, this.#overwrite);
    checkLock(this.#world, this.#user, path, {});
    const wait = settings.realizeMilliseconds;
    if (wait > 0) objects.bury(path, clock.now().getTime() + wait);
    else objects.remove(path);
    this.#erased.add(path);
  }

  #embed(policy: PolicyObject, rules: unknown, how: Omit<Write, 'path' | 'type' | 'fields'>): void {
    const type = ruleTypes[policy.resource_type] ?? 'Rule';
    const given = (rules ?? []) as readonly Fields[];
    const paths = given.map((rule, at) => {
      if (typeof rule['id'] !== 'string' || rule['id'] === '' || rule['id'].includes('/'))
        throw invalid(`Field rules[${at}].id is required.`);
      return `${policy.path}/rules/${rule['id']}`;
    });
    if (new Set(paths).size < paths.length)
      throw invalid('Two of the rules of a policy have the same id.');
    if (how.replaces)
      for (const { path } of this.#world.objects.children(policy.path, type))
        if (!paths.includes(path)) this.erase(path);
    for (const [at, fields] of given.entries()) {
      const path = paths[at] ?? '';
      const revision = how.revision === 'ignored' ? 'ignored' : 'if-given';
      this.write({ ...how, path, type, fields, revision });
    }
  }

  #check(): void {
    const { objects } = this.#world;
    for (const path of this.#written) {
      const object = objects.get(path);
      if (object) checkReferences(this.#world, object);
    }
    for (const path of this.#erased) {
      if (objects.get(path)) continue;
      const users = referencesTo(this.#world, path).map((reference) => reference.path);
      if (users.length > 0) throw inUse(path, users);
    }
  }

  #lockOf(before: PolicyObject | undefined, after: PolicyObject): Fields {
    if (after['locked'] === undefined || (before?.['locked'] ?? false) === after['locked'])
      return {};
    return {
      lock_modified_by: this.#user.username,
      lock_modified_time: this.#world.clock.now().getTime(),
    };
  }
}

const writable = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(([name]) => !readOnly.has(name) && name !== 'resource_type'),
  );

const firstOfCategory: Readonly<Record<string, number>> = {
  Emergency: 10_000_000,
  Infrastructure: 11_000_000,
  Environment: 12_000_000,
  Application: 13_000_000,
};

/** The number that orders policies over all categories. */
const placed = (object: PolicyObject): Fields =>
  object.resource_type === 'SecurityPolicy' && object['is_default'] !== true
    ? {
        internal_sequence_number:
          (firstOfCategory[String(object['category'])] ?? 0) + Number(object['sequence_number']),
      }
    : {};
