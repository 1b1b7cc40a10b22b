import * as z from 'zod';
import { defineTool } from '../../define.js';
import { supervisorWord } from '../../schema.js';

export const getSupervisorStatus = defineTool({
  name: 'get_supervisor_status',
  usage: 'supervisor status <cluster_id>',
  summary:
    'State, Kubernetes version, endpoint and networks of one Supervisor, and what is wrong with it.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['System.Read', 'Namespaces.Manage'],
  format: 'json',
  examples: ['supervisor status domain-c8', 'supervisor status supervisor-a'],
  input: z.object({ cluster_id: supervisorWord.optional() }),
  output: z.object({
    supervisor: z.string(),
    name: z.string(),
    cluster_id: z.string().nullable(),
    clusters: z.array(z.string()),
    zones: z.array(z.string()),
    config_status: z.string(),
    kubernetes_status: z.string().nullable(),
    api_server_cluster_endpoint: z.string().nullable(),
    kubernetes_version: z.string().nullable(),
    kubernetes_version_hint: z.string().nullable(),
    network_provider: z.string().nullable(),
    networks: z.array(z.object({ what: z.string(), cidr: z.string() })),
    messages: z.array(z.string()),
  }),
}).run(async ({ cluster_id }, { supervisors, wcp }, { signal }) => {
  const supervisor = await supervisors.find(cluster_id, { signal });
  const [cluster] = supervisor.clusters;
  const software =
    cluster === undefined
      ? { version: undefined, why: 'It has no cluster yet.' }
      : await wcp.software(cluster, { signal }).then(
          ({ current_version }) => ({ version: current_version, why: null }),
          (error: Error) => ({ version: undefined, why: error.message }),
        );
  return {
    supervisor: supervisor.id,
    name: supervisor.name,
    cluster_id: cluster ?? null,
    clusters: [...supervisor.clusters],
    zones: [...supervisor.zones],
    config_status: supervisor.configStatus,
    kubernetes_status: supervisor.kubernetesStatus ?? null,
    api_server_cluster_endpoint: supervisor.endpoint ?? null,
    kubernetes_version: software.version ?? null,
    kubernetes_version_hint: software.why,
    network_provider: supervisor.networkProvider ?? null,
    networks: supervisor.ranges.map(({ what, cidr }) => ({ what, cidr })),
    messages: [...supervisor.messages],
  };
});
