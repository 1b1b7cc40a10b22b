import type { NamespaceInfo, Wcp } from '@vmware/clients/wcp';
import { type Item, resolveParts } from './namespace-parts.js';

/** What is to be other than it is. Nothing is left out of a list that is not named here. */
export interface Wanted {
  readonly cpu_limit?: number | undefined;
  readonly memory_limit_mib?: number | undefined;
  readonly storage_policy?: string | undefined;
  readonly storage_limit_mib?: number | undefined;
  readonly remove_storage_policy?: string | undefined;
  readonly add_vm_classes?: readonly string[] | undefined;
  readonly remove_vm_classes?: readonly string[] | undefined;
  readonly add_content_libraries?: readonly string[] | undefined;
  readonly remove_content_libraries?: readonly string[] | undefined;
  readonly description?: string | undefined;
}

/** A storage policy of a namespace, by its id; its limit in MiB, none when absent. */
export interface StorageSpec {
  readonly policy: string;
  readonly limit?: number | undefined;
}

/** Body of `PATCH namespaces/instances/{namespace}`; empty when nothing differs. */
export interface NamespacePatch {
  /** CPU in MHz, memory in MiB. */
  readonly resource_spec?: { readonly cpu_limit?: number; readonly memory_limit?: number };
  readonly storage_specs?: readonly StorageSpec[];
  readonly vm_service_spec?: {
    readonly vm_classes?: readonly string[];
    readonly content_libraries?: readonly string[];
  };
  readonly description?: string;
}

interface Update {
  readonly body: NamespacePatch;
  readonly changes: readonly string[];
  readonly blockers: readonly string[];
}

/** A PATCH replaces the lists it names, so each list goes out whole: as it is, with what was asked added or removed. */
export async function namespaceUpdate(
  wcp: Wcp,
  info: NamespaceInfo,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Update> {
  const { storage_policy, remove_storage_policy } = wanted;
  const [adding, removing] = await Promise.all([
    resolveParts(
      wcp,
      {
        storagePolicies: storage_policy === undefined ? [] : [storage_policy],
        vmClasses: wanted.add_vm_classes ?? [],
        contentLibraries: wanted.add_content_libraries ?? [],
      },
      signal,
    ),
    resolveParts(
      wcp,
      {
        storagePolicies: remove_storage_policy === undefined ? [] : [remove_storage_policy],
        vmClasses: [],
        contentLibraries: wanted.remove_content_libraries ?? [],
      },
      signal,
    ),
  ]);
  const storage = storageOf(info, adding.storagePolicies[0], removing.storagePolicies[0], wanted);
  const classes = listOf('VM class', info.vm_service_spec?.vm_classes ?? [], {
    add: adding.vmClasses,
    remove: (wanted.remove_vm_classes ?? []).map((id) => ({ id, name: id })),
  });
  const libraries = listOf('content library', info.vm_service_spec?.content_libraries ?? [], {
    add: adding.contentLibraries,
    remove: removing.contentLibraries,
  });
  const limits = limitsOf(info, wanted);
  const describes =
    wanted.description !== undefined && wanted.description !== (info.description ?? '');
  return {
    body: {
      ...(Object.keys(limits.spec).length > 0 && { resource_spec: limits.spec }),
      ...(storage.changes.length > 0 && { storage_specs: storage.list }),
      ...((classes.changes.length > 0 || libraries.changes.length > 0) && {
        vm_service_spec: { vm_classes: classes.list, content_libraries: libraries.list },
      }),
      ...(describes && { description: wanted.description ?? '' }),
    },
    changes: [
      ...limits.changes,
      ...storage.changes,
      ...classes.changes,
      ...libraries.changes,
      ...(describes ? [`description: ${info.description ?? ''} → ${wanted.description}`] : []),
    ],
    blockers: [...limits.blockers, ...storage.blockers],
  };
}

function limitsOf({ resource_spec, stats }: NamespaceInfo, wanted: Wanted) {
  const fields = [
    {
      field: 'cpu_limit',
      want: wanted.cpu_limit,
      have: resource_spec?.cpu_limit,
      used: stats?.cpu_used,
      unit: 'MHz',
    },
    {
      field: 'memory_limit',
      want: wanted.memory_limit_mib,
      have: resource_spec?.memory_limit,
      used: stats?.memory_used,
      unit: 'MiB',
    },
  ] as const;
  const differing = fields.filter(({ want, have }) => want !== undefined && want !== have);
  return {
    spec: Object.fromEntries(differing.map(({ field, want }) => [field, want])),
    changes: differing.map(
      ({ field, want, have, unit }) =>
        `${field}: ${have === undefined ? 'none' : `${have} ${unit}`} → ${want} ${unit}`,
    ),
    blockers: differing.flatMap(({ field, want = 0, used = 0, unit }) =>
      want < used
        ? [
            `${field} ${want} ${unit} is less than the ${used} ${unit} in use: ${used - want} ${unit} too little.`,
          ]
        : [],
    ),
  };
}

function storageOf(
  { storage_specs = [] }: NamespaceInfo,
  add: Item | undefined,
  remove: Item | undefined,
  { storage_limit_mib: limit }: Wanted,
) {
  const there = storage_specs.find(({ policy }) => policy === add?.id);
  const changes = [
    ...(add && !there
      ? [
          `add the storage policy ${add.name}${limit === undefined ? ', no limit' : `, at most ${limit} MiB`}`,
        ]
      : []),
    ...(add && there && limit !== undefined && there.limit !== limit
      ? [`limit of ${add.name}: ${there.limit ?? 'none'} → ${limit} MiB`]
      : []),
    ...(remove && storage_specs.some(({ policy }) => policy === remove.id)
      ? [`remove the storage policy ${remove.name}`]
      : []),
  ];
  const kept = storage_specs.filter(({ policy }) => policy !== remove?.id);
  const specOf = (policy: string, most: number | undefined) => ({
    policy,
    ...(most !== undefined && { limit: most }),
  });
  const list = [
    ...kept.map((spec) =>
      spec.policy === add?.id
        ? specOf(spec.policy, limit ?? spec.limit)
        : specOf(spec.policy, spec.limit),
    ),
    ...(add && !there ? [specOf(add.id, limit)] : []),
  ];
  return {
    list,
    changes,
    blockers:
      changes.length > 0 && list.length === 0 ? ['It would have no storage policy left.'] : [],
  };
}

function listOf(
  kind: string,
  have: readonly string[],
  { add, remove }: { readonly add: readonly Item[]; readonly remove: readonly Item[] },
) {
  const added = add.filter(({ id }) => !have.includes(id));
  const removed = remove.filter(({ id }) => have.includes(id));
  return {
    list: [
      ...have.filter((id) => !removed.some((one) => one.id === id)),
      ...added.map(({ id }) => id),
    ],
    changes: [
      ...added.map(({ name }) => `add the ${kind} ${name}`),
      ...removed.map(({ name }) => `remove the ${kind} ${name}`),
    ],
  };
}
