import * as z from 'zod';
import { defineTool } from '../../define.js';
import { allPolicies } from '../../namespace-parts.js';
import { readNamespace } from '../../read-namespace.js';
import { namespaceName } from '../../schema.js';
import { quotasOf } from '../../storage-quota.js';

const use = z.object({
  limit: z.number().nullable(),
  used: z.number().nullable(),
  left: z.number().nullable(),
  percent: z.number().nullable(),
});

export const getNamespaceUsage = defineTool({
  name: 'get_namespace_usage',
  usage: 'namespace usage <name>',
  summary:
    'What a vSphere Namespace uses of its limits: CPU, memory, storage and Kubernetes quotas.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['System.Read', 'Namespaces.Manage'],
  format: 'json',
  examples: ['namespace usage team-a'],
  input: z.object({ name: namespaceName }),
  output: z.object({
    namespace: z.string(),
    cpu_mhz: use,
    memory_mib: use,
    storage_mib: use,
    storage_policies: z.array(
      z.object({
        policy: z.string(),
        name: z.string().nullable(),
        limit_mib: z.number().nullable(),
      }),
    ),
    quotas: z
      .array(
        z.object({
          quota: z.string(),
          resource: z.string(),
          used: z.string().nullable(),
          hard: z.string(),
          percent: z.number().nullable(),
        }),
      )
      .nullable(),
    unseen: z.array(z.string()),
  }),
}).run(async ({ name }, { wcp, supervisors }, { signal }) => {
  const [info, policies, quotas] = await Promise.all([
    readNamespace({ wcp, supervisors }, name, signal),
    allPolicies(wcp, signal).catch(() => []),
    supervisors
      .kubeOf(name, { signal })
      .then((kube) => quotasOf(kube, name, signal))
      .then(
        (rows) => ({ rows, why: undefined }),
        (error: Error) => ({ rows: null, why: error.message }),
      ),
  ]);
  const { resource_spec: limits, stats } = info;
  const storage = info.storage_specs ?? [];
  const limited = storage.every(({ limit }) => limit !== undefined);
  const sum = storage.reduce((total, { limit = 0 }) => total + limit, 0);
  return {
    namespace: name,
    cpu_mhz: useOf(limits?.cpu_limit, stats?.cpu_used),
    memory_mib: useOf(limits?.memory_limit, stats?.memory_used),
    storage_mib: useOf(
      limits?.storage_request_limit ?? (limited && storage.length > 0 ? sum : undefined),
      stats?.storage_used,
    ),
    storage_policies: storage.map(({ policy, limit }) => ({
      policy,
      name: policies.find(({ id }) => id === policy)?.name ?? null,
      limit_mib: limit ?? null,
    })),
    quotas: quotas.rows,
    unseen: quotas.why === undefined ? [] : [`quotas: ${quotas.why}`],
  };
});

/** No limit is null, and so is what nobody says. */
const useOf = (limit: number | undefined, used: number | undefined) => ({
  limit: limit ?? null,
  used: used ?? null,
  left: limit === undefined || used === undefined ? null : limit - used,
  percent:
    limit === undefined || used === undefined || limit === 0
      ? null
      : Math.round((used / limit) * 1000) / 10,
});
