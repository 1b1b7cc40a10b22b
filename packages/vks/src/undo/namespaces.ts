import type { NamespaceInfo } from '@vmware/clients/wcp';
import type { Inverse } from '@vmware/policy';
import { roles, type Subject, subjectWord } from '../namespace-parts.js';
import type { NamespacePatch, StorageSpec } from '../namespace-update.js';

type Fields = Readonly<Record<string, unknown>>;

const onNamespace = (name: string, tool: string, input: Fields, state: Fields): Inverse => ({
  tool,
  input: { name, ...input },
  expects: { tool: 'get_namespace', input: { name }, state },
});

const told = ({ policy, limit }: StorageSpec) => ({ policy, limit_mib: limit ?? null });

/** What a namespace is made of. */
interface NewNamespace extends NamespacePatch {
  readonly namespace: string;
  readonly supervisor: string;
  readonly access_list?: readonly (Subject & { readonly role: string })[];
}

/** Without a namespace that was made, while it is as it was made and, as the delete sees to, empty. */
export const withoutNamespace = (made: NewNamespace): Inverse =>
  onNamespace(
    made.namespace,
    'delete_namespace',
    {},
    {
      supervisor: made.supervisor,
      description: made.description ?? '',
      cpu_limit_mhz: made.resource_spec?.cpu_limit ?? null,
      memory_limit_mib: made.resource_spec?.memory_limit ?? null,
      storage: { $only: (made.storage_specs ?? []).map(told) },
      vm_classes: { $only: made.vm_service_spec?.vm_classes ?? [] },
      content_libraries: { $only: made.vm_service_spec?.content_libraries ?? [] },
      access: {
        $only: (made.access_list ?? []).map((one) => ({
          subject: subjectWord(one),
          role: one.role,
        })),
      },
    },
  );

/** The role somebody had, or none. Undefined for a role that we cannot give. */
export function backToRole(
  name: string,
  subject: string,
  { had, has }: { readonly had?: string | undefined; readonly has?: string | undefined },
): Inverse | undefined {
  const state = { access: has === undefined ? { $none: { subject } } : [{ subject, role: has }] };
  if (had === undefined) return onNamespace(name, 'revoke_namespace_access', { subject }, state);
  const role = roles.find((one) => one === had);
  return role && onNamespace(name, 'grant_namespace_access', { subject, role }, state);
}

/** A namespace as it was before a patch. Undefined for a limit that was not there: no input takes one away. */
export function backToNamespace(
  name: string,
  info: NamespaceInfo,
  { resource_spec = {}, storage_specs, vm_service_spec, description }: NamespacePatch,
): Inverse | undefined {
  const { cpu_limit, memory_limit } = resource_spec;
  const limits = { cpu: info.resource_spec?.cpu_limit, memory: info.resource_spec?.memory_limit };
  const storage = storage_specs && storageBack(info.storage_specs ?? [], storage_specs);
  if (
    (cpu_limit !== undefined && limits.cpu === undefined) ||
    (memory_limit !== undefined && limits.memory === undefined) ||
    (storage_specs && !storage)
  )
    return undefined;
  const classes = moved(info.vm_service_spec?.vm_classes, vm_service_spec?.vm_classes);
  const libraries = moved(
    info.vm_service_spec?.content_libraries,
    vm_service_spec?.content_libraries,
  );
  const [lost] = classes.lost;
  return onNamespace(
    name,
    'update_namespace',
    {
      ...(cpu_limit !== undefined && { cpu_limit: limits.cpu }),
      ...(memory_limit !== undefined && { memory_limit_mib: limits.memory }),
      ...storage?.input,
      ...(classes.lost.length > 0 && { add_vm_classes: classes.lost }),
      ...(classes.gained.length > 0 && { remove_vm_classes: classes.gained }),
      ...(libraries.lost.length > 0 && { add_content_libraries: libraries.lost }),
      ...(libraries.gained.length > 0 && { remove_content_libraries: libraries.gained }),
      ...(description !== undefined && { description: info.description ?? '' }),
    },
    {
      supervisor: info.supervisor,
      ...(cpu_limit !== undefined && { cpu_limit_mhz: cpu_limit }),
      ...(memory_limit !== undefined && { memory_limit_mib: memory_limit }),
      ...storage?.state,
      // What was taken away and is there again is as undoing would leave it.
      ...(classes.gained.length > 0
        ? { vm_classes: classes.gained }
        : lost !== undefined && { vm_classes: { $none: lost } }),
      ...(libraries.gained.length > 0 && { content_libraries: libraries.gained }),
      ...(description !== undefined && { description }),
    },
  );
}

const moved = (had: readonly string[] = [], has: readonly string[] = had) => ({
  gained: has.filter((one) => !had.includes(one)),
  lost: had.filter((one) => !has.includes(one)),
});

/** One call names one policy to add or limit, and one to remove; undefined for what would take more. */
function storageBack(had: readonly StorageSpec[], has: readonly StorageSpec[]) {
  const specIn = (specs: readonly StorageSpec[], wanted: string) =>
    specs.find(({ policy }) => policy === wanted);
  const gained = has.filter(({ policy }) => !specIn(had, policy));
  const lost = had.filter(({ policy }) => !specIn(has, policy));
  const limited = had.filter(({ policy, limit }) => {
    const now = specIn(has, policy);
    return now !== undefined && now.limit !== limit;
  });
  const [back, ...more] = [...lost, ...limited];
  const [added, ...others] = gained;
  const cannotTell = limited.some(({ limit }) => limit === undefined);
  if (more.length + others.length > 0 || cannotTell) return undefined;
  const changed = has.filter(({ policy }) => specIn([...gained, ...limited], policy));
  return {
    input: {
      ...(back && { storage_policy: back.policy }),
      ...(back?.limit !== undefined && { storage_limit_mib: back.limit }),
      ...(added && { remove_storage_policy: added.policy }),
    },
    state: {
      storage: changed.length > 0 || !back ? changed.map(told) : { $none: { policy: back.policy } },
    },
  };
}
