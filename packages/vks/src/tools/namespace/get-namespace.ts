import { wordsOf } from '@vmware/clients/wcp';
import { longText } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { allPolicies, subjectWord } from '../../namespace-parts.js';
import { readNamespace } from '../../read-namespace.js';
import { namespaceName } from '../../schema.js';

export const getNamespace = defineTool({
  name: 'get_namespace',
  usage: 'namespace get <name>',
  summary:
    'One vSphere Namespace: state, limits, use, storage, VM classes, libraries and who may use it.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['System.Read', 'Namespaces.Manage'],
  format: 'json',
  examples: ['namespace get team-a'],
  input: z.object({ name: namespaceName }),
  output: z.object({
    namespace: z.string(),
    supervisor: z.string(),
    supervisor_name: z.string().nullable(),
    config_status: z.string(),
    description: longText(),
    messages: z.array(z.string()),
    cpu_limit_mhz: z.number().nullable(),
    memory_limit_mib: z.number().nullable(),
    cpu_used_mhz: z.number().nullable(),
    memory_used_mib: z.number().nullable(),
    storage_used_mib: z.number().nullable(),
    storage: z.array(
      z.object({
        policy: z.string(),
        name: z.string().nullable(),
        limit_mib: z.number().nullable(),
      }),
    ),
    vm_classes: z.array(z.string()),
    content_libraries: z.array(z.string()),
    access: z.array(z.object({ subject: z.string(), role: z.string() })),
    networks: z.array(z.string()),
    zones: z.array(z.string()),
    self_service: z.boolean().nullable(),
  }),
}).run(async ({ name }, { wcp, supervisors }, { signal }) => {
  const [info, policies, all] = await Promise.all([
    readNamespace({ wcp, supervisors }, name, signal),
    // Names of policies are a courtesy: an account that sees only namespaces has none.
    allPolicies(wcp, signal).catch(() => []),
    supervisors.list({ signal }).catch(() => []),
  ]);
  const names = new Map(policies.map((policy) => [policy.id, policy.name]));
  return {
    namespace: name,
    supervisor: info.supervisor,
    supervisor_name: all.find(({ id }) => id === info.supervisor)?.name ?? null,
    config_status: info.config_status,
    description: info.description ?? '',
    messages: wordsOf(info.messages),
    cpu_limit_mhz: info.resource_spec?.cpu_limit ?? null,
    memory_limit_mib: info.resource_spec?.memory_limit ?? null,
    cpu_used_mhz: info.stats?.cpu_used ?? null,
    memory_used_mib: info.stats?.memory_used ?? null,
    storage_used_mib: info.stats?.storage_used ?? null,
    storage: (info.storage_specs ?? []).map(({ policy, limit }) => ({
      policy,
      name: names.get(policy) ?? null,
      limit_mib: limit ?? null,
    })),
    vm_classes: info.vm_service_spec?.vm_classes ?? [],
    content_libraries: [
      ...new Set([
        ...(info.vm_service_spec?.content_libraries ?? []),
        ...(info.content_libraries ?? []).map(({ content_library }) => content_library),
      ]),
    ],
    access: (info.access_list ?? []).map((entry) => ({
      subject: subjectWord(entry),
      role: entry.role,
    })),
    networks: info.networks ?? [],
    zones: (info.zones ?? []).map(({ zone }) => zone),
    self_service: info.self_service_namespace ?? null,
  };
});
