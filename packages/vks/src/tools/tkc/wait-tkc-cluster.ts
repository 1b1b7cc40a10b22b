import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { awaitCluster } from '../../await-cluster.js';
import { defineTool } from '../../define.js';
import { clusterName, namespaceFlag, namespaceName } from '../../schema.js';

export const waitTkcCluster = defineTool({
  name: 'wait_tkc_cluster',
  usage: 'tkc wait <name>',
  summary:
    'Wait until a cluster is available and nothing of it is being replaced, or until it is deleted.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['Namespaces.Manage', 'VIEW'],
  timeout: 4 * 3_600_000,
  format: 'json',
  flags: { ...namespaceFlag, timeout_seconds: 'timeout' },
  examples: ['tkc wait web -n dev', 'tkc wait web -n dev --for deleted --timeout 1200'],
  input: z.object({
    name: clusterName,
    namespace: namespaceName,
    for: z.enum(['available', 'deleted']).default('available').describe('What to wait for.'),
    timeout_seconds: z.int().min(1).max(14_000).default(1800).describe('Seconds to wait.'),
  }),
  output: z.object({
    name: z.string(),
    namespace: z.string(),
    state: z.enum(['available', 'deleted']),
    phase: z.string().nullable(),
    k8s_version: z.string().nullable(),
    machines_ready: z.int().nullable(),
    machines_wanted: z.int().nullable(),
  }),
}).run(async ({ name, namespace, for: aim, timeout_seconds }, clients, { signal, progress }) => {
  const limit = AbortSignal.timeout(timeout_seconds * 1000);
  let last = 'nothing was seen of it';
  try {
    return await awaitCluster(
      clients,
      { name, namespace },
      aim,
      AbortSignal.any([signal, limit]),
      (step) => {
        last = step.message;
        progress(step);
      },
    );
  } catch (error) {
    if (!limit.aborted || signal.aborted) throw error;
    throw new Refusal(
      'TIMEOUT',
      `After ${timeout_seconds} s ${namespace}/${name} is not ${aim}: ${last}.`,
      `Run \`vmware-vks tkc health ${name} -n ${namespace}\` to see what it waits for.`,
    );
  }
});
