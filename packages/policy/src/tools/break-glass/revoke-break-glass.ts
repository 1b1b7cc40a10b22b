import * as z from 'zod';
import { grants, revokeGrant } from '../../break-glass/grants.js';
import { Refusal } from '../../refusal.js';
import { defineTool } from '../define.js';

const missing = (id: string) =>
  new Refusal(
    'NOT_FOUND',
    `No grant is called ${id}.`,
    'Run `vmware-audit break-glass list` to see the grants.',
  );

export const revokeBreakGlass = defineTool({
  name: 'revoke_break_glass',
  usage: 'break-glass revoke <id>',
  summary: 'Takes a grant back, so that what rules forbid is forbidden again.',
  effect: 'write',
  risk: 'low',
  level: 'vm_lifecycle',
  local: true,
  cliOnly: true,
  examples: ['break-glass revoke 5b1e90c4d2aa'],
  input: z.object({ id: z.string().max(64).describe('Of the grant.') }),
  output: z.object({ id: z.string(), revoked: z.boolean() }),
})
  .plan(async ({ id }, { home }) => {
    const found = grants(home).find((grant) => grant.id === id);
    if (!found) throw missing(id);
    return {
      summary: `Take back the grant ${id} of ${found.user}`,
      changes: [`${found.tools.join(', ')} on ${found.targets.join(', ')} are forbidden again`],
      requests: [`remove ${id}.json from ${home.grants}`],
      blast_radius: { total: 1, objects: [{ type: 'grant', id, name: id }], reversible: false },
      blockers: [],
      unmeasured: [],
    };
  })
  .run(async ({ id }, { home }) => {
    if (!revokeGrant(home, id)) throw missing(id);
    return { id, revoked: true };
  });
