import { longText } from '@vmware/policy';
import * as z from 'zod';
import { nodesOf } from '../../cluster-nodes.js';
import { machineStates, poolStates, warningsAbout } from '../../cluster-parts.js';
import { complaints } from '../../condition.js';
import { defineTool } from '../../define.js';
import { readCluster } from '../../read-cluster.js';
import { clusterName, namespaceFlag, namespaceName } from '../../schema.js';

/** Certificates that end within so many days are said to. */
const soon = 30;

export const getClusterHealth = defineTool({
  name: 'get_cluster_health',
  usage: 'tkc health <name>',
  summary:
    'Is a cluster well: conditions, pools, machines, nodes, certificates, warnings, and why it is stuck.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['Namespaces.Manage', 'VIEW'],
  format: 'json',
  flags: namespaceFlag,
  examples: ['tkc health web -n dev'],
  input: z.object({ name: clusterName, namespace: namespaceName }),
  output: z.object({
    name: z.string(),
    namespace: z.string(),
    healthy: z.boolean(),
    phase: z.string(),
    problems: z.array(longText()),
    pools: z.array(
      z.object({
        name: z.string(),
        phase: z.string().nullable(),
        wanted: z.int().nullable(),
        ready: z.int().nullable(),
        up_to_date: z.int().nullable(),
      }),
    ),
    machines: z.object({
      total: z.int(),
      ready: z.int(),
      unready: z.array(z.object({ name: z.string(), phase: z.string(), why: z.array(longText()) })),
    }),
    nodes: z
      .array(
        z.object({
          name: z.string(),
          ready: z.boolean().nullable(),
          version: z.string().nullable(),
          cordoned: z.boolean(),
          pressure: z.array(z.string()),
        }),
      )
      .nullable(),
    certificates: z.array(
      z.object({ machine: z.string(), expires_at: z.string(), days_left: z.int() }),
    ),
    events: z.array(
      z.object({
        about: z.string(),
        reason: z.string(),
        message: longText(),
        count: z.int(),
        last: z.string().nullable(),
      }),
    ),
    unseen: z.array(z.string()),
  }),
}).run(async ({ name, namespace }, clients, { signal }) => {
  const { cluster, kube } = await readCluster(clients, { name, namespace }, signal);
  const [states, machines, { nodes, why }] = await Promise.all([
    poolStates(kube, cluster, signal),
    machineStates(kube, cluster, signal),
    nodesOf(clients, cluster, signal),
  ]);
  const names = new Set([name, ...machines.map((one) => one.name)]);
  const seen = await warningsAbout(kube, cluster, names, signal).then(
    (events) => ({ events, unseen: [] }),
    (error: Error) => ({ events: [], unseen: [`events: ${error.message}`] }),
  );
  const pools = cluster.pools.map((pool) => {
    const state = states.get(pool.name);
    return {
      name: pool.name,
      phase: state?.phase ?? null,
      wanted: pool.replicas ?? state?.replicas ?? null,
      ready: state?.ready ?? null,
      up_to_date: state?.upToDate ?? null,
    };
  });
  const certificates = machines.flatMap(({ name: machine, certificatesExpireAt }) =>
    certificatesExpireAt === null
      ? []
      : [{ machine, expires_at: certificatesExpireAt, days_left: daysUntil(certificatesExpireAt) }],
  );
  const unready = machines.filter(({ ready }) => ready !== true);
  const problems = [
    ...(cluster.phase === 'Provisioned' ? [] : [`It is ${cluster.phase}.`]),
    ...complaints(cluster.conditions),
    ...unready.map(
      (one) => `Machine ${one.name} is ${one.phase}: ${one.why[0] ?? 'it does not say why'}`,
    ),
    ...pools.flatMap(({ name: pool, wanted, ready }) =>
      wanted !== null && (ready ?? 0) < wanted
        ? [`Pool ${pool}: ${ready ?? 0} of ${wanted} ready.`]
        : [],
    ),
    ...(nodes ?? []).flatMap((node) =>
      node.ready === true && node.pressure.length === 0
        ? []
        : [`Node ${node.name}: ${node.ready ? node.pressure.join(', ') : 'not ready'}`],
    ),
    ...certificates
      .filter(({ days_left }) => days_left < soon)
      .map(({ machine, days_left }) =>
        days_left < 0
          ? `Certificates of ${machine} have expired.`
          : `Certificates of ${machine} expire in ${days_left} days.`,
      ),
  ];
  return {
    name,
    namespace,
    healthy: problems.length === 0,
    phase: cluster.phase,
    problems,
    pools,
    machines: {
      total: machines.length,
      ready: machines.length - unready.length,
      unready: unready.map((one) => ({ name: one.name, phase: one.phase, why: one.why })),
    },
    nodes,
    certificates,
    events: seen.events.slice(0, 20).map(({ type: _, ...event }) => event),
    unseen: [...seen.unseen, ...(nodes === null ? [`nodes: ${why}`] : [])],
  };
});

const daysUntil = (time: string): number =>
  Math.floor((new Date(time).getTime() - Date.now()) / 86_400_000);
