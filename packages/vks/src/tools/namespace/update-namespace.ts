import { target } from '@vmware/clients/wcp';
import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { namespaceUpdate } from '../../namespace-update.js';
import { requestOf, sendPlanned } from '../../planned-request.js';
import { readNamespace } from '../../read-namespace.js';
import { description, mhz, mib, namespaceName, policyWord, words } from '../../schema.js';
import { backToNamespace } from '../../undo/namespaces.js';

export const updateNamespace = defineTool({
  name: 'update_namespace',
  usage: 'namespace update <name>',
  summary:
    'Change limits of a vSphere Namespace, or add and remove storage, VM classes and libraries; the rest stays.',
  effect: 'write',
  risk: 'medium',
  level: 'vm_lifecycle',
  privileges: ['Namespaces.Configure', 'Namespaces.Manage'],
  flags: { cpu_limit: 'cpu', memory_limit_mib: 'memory', storage_limit_mib: 'storage' },
  examples: [
    'namespace update team-a --memory 131072',
    'namespace update team-a --storage-policy silver --storage 102400 --dry-run',
  ],
  input: z.object({
    name: namespaceName,
    cpu_limit: mhz.optional().describe('MHz.'),
    memory_limit_mib: mib.optional().describe('MiB.'),
    storage_policy: policyWord.optional().describe('Add it, or change its limit.'),
    storage_limit_mib: mib.optional().describe('MiB of storage_policy.'),
    remove_storage_policy: policyWord.optional(),
    add_vm_classes: words.optional(),
    remove_vm_classes: words.optional(),
    add_content_libraries: words.optional(),
    remove_content_libraries: words.optional(),
    description: description.optional(),
  }),
  output: z.object({
    namespace: z.string(),
    status: z.enum(['updated', 'no_changes']),
    changes: z.array(z.string()),
  }),
})
  .plan(async ({ name, ...wanted }, { wcp, supervisors }, { signal }) => {
    if (wanted.storage_limit_mib !== undefined && wanted.storage_policy === undefined)
      throw new Refusal(
        'INVALID_INPUT',
        'storage_limit_mib is the limit of a storage policy, and none is named.',
        'Give storage_policy too.',
      );
    const info = await readNamespace({ wcp, supervisors }, name, signal);
    const { body, changes, blockers } = await namespaceUpdate(wcp, info, wanted, signal);
    const isNothing = Object.keys(body).length === 0;
    const undo = isNothing ? undefined : backToNamespace(name, info, body);
    return {
      summary: `Update the vSphere Namespace ${name}`,
      changes: isNothing ? ['nothing: it is like this already'] : changes,
      requests: isNothing
        ? []
        : [
            requestOf({
              method: 'PATCH',
              target: target`/api/vcenter/namespaces/instances/${name}`,
              body,
            }),
          ],
      blast_radius: {
        total: 1,
        objects: [{ type: 'Namespace', id: name, name }],
        reversible: undo !== undefined || isNothing,
      },
      blockers,
      unmeasured: [],
      ...(undo && { undo }),
    };
  })
  .run(async ({ name }, { wcp }, context) => {
    await sendPlanned(wcp, context, `vmware-vks namespace get ${name}`);
    const { requests, changes } = context.plan;
    return {
      namespace: name,
      status: requests.length === 0 ? ('no_changes' as const) : ('updated' as const),
      changes: [...changes],
    };
  });
