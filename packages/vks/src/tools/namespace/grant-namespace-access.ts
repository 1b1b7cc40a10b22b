import { target } from '@vmware/clients/wcp';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { roles, subjectOf, subjectWord } from '../../namespace-parts.js';
import { requestOf, sendPlanned } from '../../planned-request.js';
import { quoted } from '../../quoted.js';
import { readNamespace } from '../../read-namespace.js';
import { namespaceName } from '../../schema.js';
import { backToRole } from '../../undo/namespaces.js';

export const grantNamespaceAccess = defineTool({
  name: 'grant_namespace_access',
  usage: 'namespace grant <name> <subject>',
  summary:
    'Give a user or group a role on a vSphere Namespace; whoever has another role gets this one instead.',
  effect: 'write',
  risk: 'high',
  level: 'host_admin',
  privileges: ['Namespaces.Configure', 'Namespaces.Manage'],
  examples: [
    'namespace grant team-a alice@vsphere.local --role EDIT',
    'namespace grant team-a group:developers@corp.local --role VIEW --dry-run',
  ],
  input: z.object({
    name: namespaceName,
    subject: z.string().min(3).max(255).describe('user@domain or group:name@domain.'),
    role: z.enum(roles).describe('OWNER, EDIT or VIEW.'),
  }),
  output: z.object({
    namespace: z.string(),
    subject: z.string(),
    role: z.string(),
    status: z.enum(['granted', 'no_changes']),
  }),
})
  .plan(async ({ name, subject: word, role }, { wcp, supervisors }, { signal }) => {
    const info = await readNamespace({ wcp, supervisors }, name, signal);
    const subject = subjectOf(word);
    const said = subjectWord(subject);
    const has = (info.access_list ?? []).find((entry) => subjectWord(entry) === said);
    const isSame = has?.role === role;
    const undo = isSame ? undefined : backToRole(name, said, { had: has?.role, has: role });
    const at = target`/api/vcenter/namespaces/instances/${name}/access/${subject.domain}/${subject.subject}`;
    return {
      summary: `Give ${said} the role ${role} on the vSphere Namespace ${name}`,
      changes: isSame
        ? [`nothing: ${said} has the role ${role}`]
        : [`role of ${said}: ${has?.role ?? 'none'} → ${role}`],
      requests: isSame
        ? []
        : [
            requestOf({
              method: has ? 'PUT' : 'POST',
              target: `${at}?type=${subject.subject_type}`,
              body: { role },
            }),
          ],
      blast_radius: {
        total: 1,
        objects: [{ type: 'Namespace', id: name, name }],
        reversible: undo !== undefined || isSame,
      },
      blockers: [],
      unmeasured: [],
      ...(undo && { undo }),
    };
  })
  .run(async ({ name, subject, role }, { wcp }, context) => {
    await sendPlanned(wcp, context, `vmware-vks namespace get ${quoted(name)}`);
    return {
      namespace: name,
      subject,
      role,
      status: context.plan.requests.length === 0 ? ('no_changes' as const) : ('granted' as const),
    };
  });
