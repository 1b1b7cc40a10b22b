import { invalidArgument, unsupported } from './refusals.js';
import type { Access, LibraryUse, StorageSpec, Supervisor, WcpWorld, ZoneSpec } from './world.js';

/** What the specifications that create, set and update a namespace have in common, in the words of the API. */
export interface NamespaceSpec {
  readonly description?: string;
  readonly resource_spec?: Readonly<Record<string, number | boolean>>;
  readonly access_list?: readonly Access[];
  readonly storage_specs?: readonly StorageSpec[];
  readonly vm_service_spec?: {
    readonly content_libraries?: readonly string[];
    readonly vm_classes?: readonly string[];
  };
  readonly content_libraries?: readonly LibraryUse[];
  readonly zones?: readonly ZoneSpec[];
  readonly edges?: readonly unknown[];
  readonly infrastructure_policies?: readonly string[];
}

/** Throws INVALID_ARGUMENT naming the first thing of a specification that this vCenter does not have. */
export function checkSpec(world: WcpWorld, { zones }: Supervisor, spec: NamespaceSpec): void {
  // Both came with 9.1; this Supervisor is older.
  if (spec.edges?.length) throw unsupported('The Supervisor does not support edges.');
  if (spec.infrastructure_policies?.length)
    throw unsupported('The Supervisor does not support infrastructure policies.');
  const known = (kind: string, at: string, id: string, all: { has(id: string): boolean }) => {
    if (!all.has(id)) throw invalidArgument(`${at}: there is no ${kind} '${id}'.`, at, id);
  };
  for (const [at, { policy, limit }] of (spec.storage_specs ?? []).entries()) {
    known('storage policy', `storage_specs[${at}].policy`, policy, world.storagePolicies);
    notNegative(`storage_specs[${at}].limit`, limit);
  }
  for (const [at, id] of (spec.vm_service_spec?.vm_classes ?? []).entries())
    known('VM class', `vm_service_spec.vm_classes[${at}]`, id, world.vmClasses);
  for (const [at, id] of (spec.vm_service_spec?.content_libraries ?? []).entries())
    known('content library', `vm_service_spec.content_libraries[${at}]`, id, world.libraries);
  for (const [at, { content_library: id }] of (spec.content_libraries ?? []).entries())
    known('content library', `content_libraries[${at}].content_library`, id, world.libraries);
  for (const [at, { domain }] of (spec.access_list ?? []).entries())
    known('domain', `access_list[${at}].domain`, domain, new Set(world.domains));
  for (const [at, { name }] of (spec.zones ?? []).entries())
    known('zone', `zones[${at}].name`, name, new Set(zones.map(({ zone }) => zone)));
  for (const [name, value] of Object.entries(spec.resource_spec ?? {}))
    if (typeof value === 'number') notNegative(`resource_spec.${name}`, value);
  onlyOnce(
    'storage_specs',
    (spec.storage_specs ?? []).map(({ policy }) => policy),
  );
  onlyOnce('access_list', (spec.access_list ?? []).map(keyOf));
  onlyOnce('vm_service_spec.vm_classes', spec.vm_service_spec?.vm_classes ?? []);
}

const keyOf = ({ subject_type: type, subject, domain }: Access): string =>
  `${type} ${subject}@${domain}`;

function notNegative(at: string, value: number | undefined): void {
  if (value !== undefined && value < 0)
    throw invalidArgument(`${at} is ${value}: it cannot be negative.`, at);
}

function onlyOnce(at: string, keys: readonly string[]): void {
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw invalidArgument(`${at} has '${twice}' more than once.`, at, twice);
}

/** Throws unless a name is a DNS label (RFC 1123). */
export function checkName(name: string): void {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return;
  throw invalidArgument(
    `namespace: '${name.slice(0, 80)}' is no DNS label: a-z, 0-9 and '-', at most 63, and no '-' at either end.`,
    'namespace',
  );
}

/** The limits of a specification that replaces them: what is 0 or more. */
export const limitsOf = ({ resource_spec: spec = {} }: NamespaceSpec): Record<string, number> =>
  Object.fromEntries(
    Object.entries(spec).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );

/** Limits after an update: `cpu_limit` sets, `cpu_limit_unset: true` removes, and both together are refused. */
export function updatedLimits(
  limits: Readonly<Record<string, number>>,
  { resource_spec: update = {} }: NamespaceSpec,
): Record<string, number> {
  const updated: Record<string, number> = { ...limits };
  for (const [name, value] of Object.entries(update))
    if (typeof value === 'number') updated[name] = value;
    else if (value) {
      const limit = name.replace(/_unset$/, '');
      if (update[limit] !== undefined)
        throw invalidArgument(
          `resource_spec sets ${limit} and unsets it.`,
          `resource_spec.${limit}`,
        );
      delete updated[limit];
    }
  return updated;
}

/**
 * The libraries of a namespace after a specification. Both lists show the same: a library that only
 * `vm_service_spec` names is read-only, one that `content_libraries` names has the settings there. With one list given
 * that one decides, but a writable library is not dropped by `vm_service_spec`.
 */
export function librariesOf(
  current: readonly LibraryUse[],
  { content_libraries: uses, vm_service_spec: vmService }: NamespaceSpec,
): readonly LibraryUse[] {
  const named = vmService?.content_libraries;
  if (!named) return uses ?? current;
  const dropped = current.find(
    ({ content_library: id, writable }) => !uses && writable && !named.includes(id),
  );
  if (dropped)
    throw invalidArgument(
      `vm_service_spec.content_libraries drops the writable library '${dropped.content_library}'; say so in content_libraries.`,
      'vm_service_spec.content_libraries',
    );
  const settings = uses ?? current.filter(({ content_library: id }) => named.includes(id));
  const set = new Set(settings.map(({ content_library: id }) => id));
  const added = [...new Set(named)].filter((id) => !set.has(id));
  return [...settings, ...added.map((id) => ({ content_library: id }))];
}
