import { renderKubeconfig } from '@vmware/clients/kube';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { handOver, kubeconfigInput, kubeconfigOutput, whereTo } from '../../kubeconfig-answer.js';
import { namespaceFlag, namespaceName } from '../../schema.js';
import { serverAddress } from '../../server-address.js';

export const getSupervisorKubeconfig = defineTool({
  name: 'get_supervisor_kubeconfig',
  usage: 'kubeconfig supervisor',
  summary:
    'A kubeconfig with a short-lived token for the Supervisor that a vSphere Namespace is on.',
  effect: 'write',
  risk: 'medium',
  level: 'host_admin',
  idempotent: true,
  privileges: ['Namespaces.Manage', 'EDIT'],
  format: 'text',
  columns: ['kubeconfig'],
  flags: { ...namespaceFlag, output_path: 'file' },
  examples: [
    'kubeconfig supervisor -n dev --file ./supervisor.kubeconfig',
    'kubeconfig supervisor -n dev --yes',
  ],
  input: z.object({ namespace: namespaceName, ...kubeconfigInput }),
  output: z.object({ namespace: z.string(), supervisor: z.string(), ...kubeconfigOutput }),
})
  .plan(async ({ namespace, ...wish }, { supervisors, target }, { signal }) => {
    const on = await supervisors.of(namespace, { signal });
    const { changes, blockers } = await whereTo(wish);
    return {
      summary: `Log in to the Supervisor ${on.name} as ${target.username} and hand over a kubeconfig for ${namespace}`,
      changes: ['whoever holds it can do what this account can, until its token ends', ...changes],
      requests: ['POST /wcp/login'],
      blast_radius: {
        total: 1,
        objects: [{ type: 'Supervisor', id: on.id, name: on.name }],
        reversible: false,
      },
      blockers,
      unmeasured: [],
    };
  })
  .run(async ({ namespace, ...wish }, { supervisors }, { signal }) => {
    const on = await supervisors.of(namespace, { signal });
    const { endpoint, token, expiresAt } = await supervisors.tokenFor(on, signal);
    const text = await renderKubeconfig({
      cluster: 'supervisor',
      context: 'supervisor-context',
      namespace,
      server: serverAddress(endpoint),
      ca: on.certificate,
      insecure: !endpoint.verifySsl,
      user: { token },
    });
    const given = await handOver(text, wish, { expiresAt, from: 'login service' });
    return { namespace, supervisor: on.name, ...given };
  });
