import { creation } from '@vmware/clients/kube';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { planCluster } from '../../plan-cluster.js';
import { requestOf, sendPlanned } from '../../planned-request.js';
import { clusterName, k8sVersion, namespaceFlag, namespaceName } from '../../schema.js';
import { volume, wantedPool } from '../../wanted-pool.js';

export const createTkcCluster = defineTool({
  name: 'create_tkc_cluster',
  usage: 'tkc create <name>',
  summary:
    'Create a Kubernetes cluster in a vSphere Namespace; its plan is checked by the Supervisor first.',
  effect: 'write',
  risk: 'medium',
  level: 'vm_lifecycle',
  privileges: ['Namespaces.Manage', 'EDIT'],
  flags: {
    ...namespaceFlag,
    k8s_version: 'version',
    control_plane_count: 'control-plane',
    worker_count: 'workers',
    cluster_class: 'class',
    storage_class: 'storage-class',
  },
  examples: [
    'tkc create web -n dev --version v1.33 --vm-class best-effort-medium --workers 3',
    `tkc create web -n dev --version v1.33 --vm-class best-effort-medium --pools '[{"name":"batch","autoscale":{"min":1,"max":5}}]' --dry-run`,
  ],
  input: z.object({
    name: clusterName,
    namespace: namespaceName,
    k8s_version: k8sVersion,
    vm_class: z.string().min(1).max(253).describe('VM class of every machine.'),
    control_plane_count: z
      .int()
      .refine((count) => [1, 3, 5].includes(count), 'must be 1, 3 or 5')
      .default(1)
      .describe('1, 3 or 5.'),
    worker_count: z.int().min(1).max(1000).default(3).describe('Machines of the pool worker-pool.'),
    storage_class: z
      .string()
      .min(1)
      .max(253)
      .optional()
      .describe('The only one of the namespace if absent.'),
    cluster_class: z
      .string()
      .min(1)
      .max(253)
      .optional()
      .describe('ClusterClass; the usual one if absent.'),
    pools: z.array(wantedPool).min(1).max(64).optional().describe('Instead of worker_count.'),
    pod_cidr: z.string().max(64).optional().describe('Range for pods.'),
    service_cidr: z.string().max(64).optional().describe('Range for services.'),
    volumes: z.array(volume).max(16).optional().describe('Disks of every machine.'),
    proxy: z
      .strictObject({
        http: z.url().optional(),
        https: z.url().optional(),
        no_proxy: z.array(z.string().max(255)).max(64).optional(),
      })
      .optional()
      .describe('HTTP proxy of the machines.'),
    trusted_cas: z
      .array(z.string().startsWith('-----BEGIN CERTIFICATE-----').max(65_536))
      .max(16)
      .optional()
      .describe('PEM certificates the machines trust.'),
    variables: z
      .record(z.string().max(253), z.unknown())
      .optional()
      .describe('More variables of the class.'),
  }),
  output: z.object({
    name: z.string(),
    namespace: z.string(),
    status: z.literal('creating'),
    k8s_version: z.string(),
    cluster_class: z.string(),
    hint: z.string(),
  }),
})
  .plan(async (input, clients, { signal }) => {
    const { plan, kube, resource, body } = await planCluster(input, clients, signal);
    const change = creation(resource, input.namespace, body);
    return { ...(await plan(change, kube)), requests: [requestOf(change)] };
  })
  .run(async ({ name, namespace }, { supervisors }, context) => {
    const kube = await supervisors.kubeOf(namespace, context);
    const made = await sendPlanned<{ spec?: Fields }>(
      kube,
      context,
      `vmware-vks tkc get ${name} -n ${namespace}`,
    );
    const topology = made.spec?.topology ?? {};
    return {
      name,
      namespace,
      status: 'creating' as const,
      k8s_version: topology.version ?? '',
      cluster_class: topology.classRef?.name ?? topology.class ?? '',
      hint: `\`vmware-vks tkc wait ${name} -n ${namespace}\` waits until it is available.`,
    };
  });

interface Fields {
  readonly topology?: {
    readonly version?: string;
    readonly class?: string;
    readonly classRef?: { readonly name?: string };
  };
}
