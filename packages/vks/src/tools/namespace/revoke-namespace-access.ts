import { target } from '@vmware/clients/wcp';
import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { subjectOf, subjectWord } from '../../namespace-parts.js';
import { requestOf, sendPlanned } from '../../planned-request.js';
import { quoted } from '../../quoted.js';
import { readNamespace } from '../../read-namespace.js';
import { namespaceName } from '../../schema.js';
import { backToRole } from '../../undo/namespaces.js';

export const revokeNamespaceAccess = defineTool({
  name: 'revoke_namespace_access',
  usage: 'namespace revoke <name> <subject>',
  summary: 'Take the role of a user or group on a vSphere Namespace away.',
  effect: 'destroy',
  risk: 'high',
  level: 'host_admin',
  privileges: ['Namespaces.Configure', 'Namespaces.Manage'],
  examples: ['namespace revoke team-a alice@vsphere.local'],
  input: z.object({
    name: namespaceName,
    subject: z.string().min(3).max(255).describe('user@domain or group:name@domain.'),
  }),
  output: z.object({ namespace: z.string(), subject: z.string(), status: z.literal('revoked') }),
})
  .plan(async ({ name, subject: word }, { wcp, supervisors }, { signal }) => {
    const info = await readNamespace({ wcp, supervisors }, name, signal);
    const subject = subjectOf(word);
    const said = subjectWord(subject);
    const list = info.access_list ?? [];
    const has = list.find((entry) => subjectWord(entry) === said);
    if (!has)
      throw new Refusal(
        'NOT_FOUND',
        `${said} has no role on ${name}. ${list.length === 0 ? 'Nobody has one.' : `There are: ${list.map(subjectWord).join(', ')}.`}`,
        `Run \`vmware-vks namespace get ${quoted(name)}\` to see who has.`,
      );
    const undo = backToRole(name, said, { had: has.role });
    const owners = list.filter(({ role }) => role === 'OWNER');
    return {
      summary: `Take the role ${has.role} on the vSphere Namespace ${name} from ${said}`,
      changes: [
        `role of ${said}: ${has.role} → none`,
        ...(has.role === 'OWNER' && owners.length === 1 ? ['nobody is its owner then'] : []),
      ],
      requests: [
        requestOf({
          method: 'DELETE',
          target: `${target`/api/vcenter/namespaces/instances/${name}/access/${subject.domain}/${subject.subject}`}?type=${subject.subject_type}`,
        }),
      ],
      blast_radius: {
        total: 1,
        objects: [{ type: 'Namespace', id: name, name }],
        reversible: undo !== undefined,
      },
      blockers: [],
      unmeasured: [],
      ...(undo && { undo }),
    };
  })
  .run(async ({ name, subject }, { wcp }, context) => {
    await sendPlanned(wcp, context, `vmware-vks namespace get ${quoted(name)}`);
    return { namespace: name, subject, status: 'revoked' as const };
  });
