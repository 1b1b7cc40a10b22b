import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { handOver, kubeconfigInput, kubeconfigOutput, whereTo } from '../../kubeconfig-answer.js';
import { readCluster } from '../../read-cluster.js';
import { clusterName, namespaceFlag, namespaceName } from '../../schema.js';

export const getTkcKubeconfig = defineTool({
  name: 'get_tkc_kubeconfig',
  usage: 'kubeconfig get <name>',
  summary:
    'A kubeconfig for one Kubernetes cluster, with a credential that only this cluster takes.',
  effect: 'write',
  risk: 'medium',
  level: 'host_admin',
  idempotent: true,
  privileges: ['Namespaces.Manage', 'EDIT'],
  format: 'text',
  columns: ['kubeconfig'],
  flags: { ...namespaceFlag, output_path: 'file' },
  examples: [
    'kubeconfig get web -n dev --file ./web.kubeconfig',
    'kubeconfig get web -n dev --yes > web.kubeconfig',
  ],
  input: z.object({ name: clusterName, namespace: namespaceName, ...kubeconfigInput }),
  output: z.object({ cluster: z.string(), namespace: z.string(), ...kubeconfigOutput }),
})
  .plan(async ({ name, namespace, ...wish }, clients, { signal }) => {
    const { cluster } = await readCluster(clients, { name, namespace }, signal);
    if (cluster.endpoint === undefined)
      throw new Refusal(
        'NOT_PROVISIONED',
        `The cluster ${namespace}/${name} has no control plane endpoint yet: it is ${cluster.phase}.`,
        `Run \`vmware-vks tkc wait ${name} -n ${namespace}\` first.`,
      );
    const { changes, blockers } = await whereTo(wish);
    return {
      summary: `Log in to the cluster ${namespace}/${name} as ${clients.target.username} and hand over a kubeconfig for it`,
      changes: ['whoever holds it can do in this cluster what this account can', ...changes],
      requests: [
        `POST /wcp/login ${JSON.stringify({ guest_cluster_name: name, guest_cluster_namespace: namespace })}`,
      ],
      blast_radius: {
        total: 1,
        objects: [{ type: 'Cluster', id: `${namespace}/${name}`, name }],
        reversible: false,
      },
      blockers,
      unmeasured: [],
    };
  })
  .run(async ({ name, namespace, ...wish }, { supervisors }, { signal }) => {
    const access = await supervisors.accessTo({ namespace, name }, { signal });
    const text = await access.kubeconfig({ name });
    const given = await handOver(text, wish, {
      expiresAt: access.token?.expiresAt ?? access.validUntil,
      from: access.from,
    });
    return { cluster: name, namespace, ...given };
  });
