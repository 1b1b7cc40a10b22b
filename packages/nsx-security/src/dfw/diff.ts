import { isDeepStrictEqual } from 'node:util';
import type { Snapshot } from './snapshot.js';

export type ObjectType =
  | 'firewall'
  | 'exclude_list'
  | 'policy'
  | 'rule'
  | 'group'
  | 'service'
  | 'context_profile'
  | 'virtual_machine';

export interface FieldChange {
  /** `source_groups`, or `expression[0].value`. */
  readonly field: string;
  /** Absent values are null. Of lists that are sets: only what one side has. */
  readonly before: unknown;
  readonly after: unknown;
}

export interface ObjectChange {
  readonly type: ObjectType;
  readonly change: 'added' | 'removed' | 'changed';
  /** Its path, or the external_id of a VM. */
  readonly path: string;
  readonly display_name: string;
  readonly fields: readonly FieldChange[];
}

export interface SnapshotDiff {
  /** By type, then path. */
  readonly changes: readonly ObjectChange[];
  /** Parts that one of the snapshots could not read: nothing is said about them. */
  readonly not_compared: readonly string[];
}

/** Fields NSX writes: they change without anybody changing the object. Names that start with `_` are, too. */
const written = new Set([
  'unique_id',
  'realization_id',
  'rule_id',
  'default_rule_id',
  'internal_sequence_number',
  'rule_count',
  'parent_path',
  'relative_path',
  'remote_path',
  'owner_id',
  'origin_site_id',
  'lock_modified_by',
  'lock_modified_time',
  'marked_for_delete',
  'overridden',
  'state',
  'children',
  'rules',
]);

/** Volatile facts of a VM that are not its configuration. */
const volatile = new Set(['power_state', 'host_id', 'guest_info', 'compute_ids', 'type', 'source']);

/** Lists whose order means nothing. */
const sets = new Set([
  'source_groups',
  'destination_groups',
  'services',
  'profiles',
  'scope',
  'members',
  'tags',
  'ip_addresses',
  'mac_addresses',
  'paths',
  'external_ids',
  'source_ports',
  'destination_ports',
  'group_type',
]);

type Item = Readonly<Record<string, unknown>>;

/** What differs from `before` to `after`, without what NSX itself writes. */
export function diffSnapshots(before: Snapshot, after: Snapshot): SnapshotDiff {
  const changes: ObjectChange[] = [];
  const notCompared: string[] = [];
  const compare = (
    type: ObjectType,
    name: string,
    a: readonly object[] | null,
    b: readonly object[] | null,
    key = 'path',
  ) => {
    if (a && b) changes.push(...compareLists(type, a.map(item), b.map(item), key));
    else notCompared.push(name);
  };
  const single = (one: object | null) => one && [{ path: '', ...one }];
  compare('firewall', 'firewall', single(before.firewall), single(after.firewall));
  compare('exclude_list', 'exclude_list', single(before.exclude_list), single(after.exclude_list));
  compare('policy', 'policies', before.policies, after.policies);
  const rules = (snapshot: Snapshot) => snapshot.policies.flatMap((policy) => policy.rules);
  compare('rule', 'rules', rules(before), rules(after));
  compare('group', 'groups', before.groups, after.groups);
  compare('service', 'services', before.services, after.services);
  const [profilesBefore, profilesAfter] = [before.context_profiles, after.context_profiles];
  compare('context_profile', 'context_profiles', profilesBefore, profilesAfter);
  const [vmsBefore, vmsAfter] = [before.virtual_machines, after.virtual_machines];
  compare('virtual_machine', 'virtual_machines', vmsBefore, vmsAfter, 'external_id');
  return { changes, not_compared: notCompared };
}

const item = (object: object): Item => Object.fromEntries(Object.entries(object));

function compareLists(type: ObjectType, before: Item[], after: Item[], key: string) {
  const old = new Map(before.map((one) => [String(one[key]), one]));
  const fresh = new Map(after.map((one) => [String(one[key]), one]));
  const paths = [...new Set([...old.keys(), ...fresh.keys()])].sort();
  return paths.flatMap((path): ObjectChange[] => {
    const [a, b] = [old.get(path), fresh.get(path)];
    const one = b ?? a;
    const display_name = String(one?.['display_name'] ?? one?.['id'] ?? (path || type));
    const about = { type, path, display_name };
    if (!a) return [{ ...about, change: 'added', fields: [] }];
    if (!b) return [{ ...about, change: 'removed', fields: [] }];
    const fields = compareFields(a, b, '', type === 'virtual_machine');
    return fields.length === 0 ? [] : [{ ...about, change: 'changed', fields }];
  });
}

/** Fields that differ, without those that NSX writes. */
export function compareFields(a: Item, b: Item, prefix = '', vm = false): FieldChange[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return names
    .filter((name) => !name.startsWith('_') && !written.has(name) && !(vm && volatile.has(name)))
    .flatMap((name) => compareValues(a[name], b[name], prefix + name, name));
}

function compareValues(a: unknown, b: unknown, field: string, name: string): FieldChange[] {
  if (isDeepStrictEqual(a, b)) return [];
  if (sets.has(name) && isListOrAbsent(a) && isListOrAbsent(b)) return compareSets(a, b, field);
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length)
    return a.flatMap((one, i) => compareValues(one, b[i], `${field}[${i}]`, ''));
  if (isItem(a) && isItem(b)) return compareFields(a, b, `${field}.`);
  return [{ field, before: a ?? null, after: b ?? null }];
}

function compareSets(a: readonly unknown[] = [], b: readonly unknown[] = [], field: string) {
  const text = (value: unknown) =>
    isItem(value) ? JSON.stringify(Object.entries(value).sort()) : JSON.stringify(value);
  const [had, has] = [new Set(a.map(text)), new Set(b.map(text))];
  const before = a.filter((value) => !has.has(text(value)));
  const after = b.filter((value) => !had.has(text(value)));
  return before.length + after.length === 0 ? [] : [{ field, before, after }];
}

const isListOrAbsent = (value: unknown): value is readonly unknown[] | undefined =>
  value === undefined || Array.isArray(value);

const isItem = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
