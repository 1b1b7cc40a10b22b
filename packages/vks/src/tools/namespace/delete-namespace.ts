import { target } from '@vmware/clients/wcp';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { inside, lossesOf } from '../../inside.js';
import { requestOf, sendPlanned } from '../../planned-request.js';
import { readNamespace } from '../../read-namespace.js';
import { namespaceName } from '../../schema.js';

export const deleteNamespace = defineTool({
  name: 'delete_namespace',
  usage: 'namespace delete <name>',
  summary:
    'Delete an empty vSphere Namespace; refuses one that holds clusters, VMs, pods or volumes.',
  effect: 'destroy',
  risk: 'high',
  level: 'host_admin',
  privileges: ['Namespaces.Configure', 'Namespaces.Manage'],
  examples: ['namespace delete old --dry-run', 'namespace delete old --yes --confirm old'],
  input: z.object({
    name: namespaceName,
    force: z.boolean().default(false).describe('Delete all that is in it too; a person is asked.'),
  }),
  output: z.object({ namespace: z.string(), status: z.literal('deleted'), message: z.string() }),
})
  .plan(async ({ name, force }, clients, { signal }) => {
    const info = await readNamespace(clients, name, signal);
    const { found, unseen } = await inside(clients.supervisors, name, signal);
    const losses = lossesOf(found);
    return {
      summary:
        losses.length === 0 && unseen.length === 0
          ? `Permanently delete the empty vSphere Namespace ${name}`
          : `Permanently delete the vSphere Namespace ${name} with everything in it`,
      changes: [
        `delete the namespace ${name} and its quotas and permissions`,
        ...found.map(({ kind, name: which, note }) => `lose the ${kind} ${which}${note}`),
        ...(force ? unseen.map((what) => `lose what could not be seen: ${what}`) : []),
      ],
      requests: [
        requestOf({ method: 'DELETE', target: target`/api/vcenter/namespaces/instances/${name}` }),
      ],
      blast_radius: {
        total: 1 + found.length,
        objects: [
          { type: 'Namespace', id: name, name },
          ...found.slice(0, 49).map(({ kind, name: which }) => ({
            type: kind,
            id: `${name}/${which}`,
            name: which,
          })),
        ],
        reversible: false,
      },
      blockers: [
        ...(info.config_status === 'REMOVING' ? [`${name} is being removed already.`] : []),
        ...(force || losses.length === 0
          ? []
          : [
              `It holds ${losses.join(', ')}. Delete them first, or use force, which a person has to agree to.`,
            ]),
      ],
      unmeasured: force ? [] : unseen,
      ...(force && { consent: 'human' as const }),
    };
  })
  .run(async ({ name }, { wcp }, context) => {
    await sendPlanned(wcp, context, 'vmware-vks namespace list');
    return { namespace: name, status: 'deleted' as const, message: context.plan.summary };
  });
