import { userInfo } from 'node:os';
import * as z from 'zod';
import { issueGrant, newGrantId } from '../../break-glass/grants.js';
import { Refusal } from '../../refusal.js';
import { anyGlob } from '../../rules/match.js';
import { spanOf } from '../../rules/settings.js';
import { defineTool } from '../define.js';
import { breakGlassOf } from './who-may.js';

const span = z.string().regex(/^[1-9]\d{0,3}[smhd]$/, 'must be a span like 30m or 2h');

export const grantBreakGlass = defineTool({
  name: 'grant_break_glass',
  usage: 'break-glass grant',
  summary: 'Sets aside what rules forbid to you, for some tools, targets and minutes.',
  effect: 'write',
  risk: 'critical',
  level: 'full_admin',
  local: true,
  cliOnly: true,
  examples: ['break-glass grant --tools power_on --targets vc-prod --for 30m --reason "INC-12"'],
  input: z.object({
    tools: z.array(z.string().min(1)).min(1).describe('Names or globs of tools.'),
    targets: z.array(z.string().min(1)).min(1).describe('Names or globs of targets.'),
    for: span.default('30m').describe('How long: 30m, 2h.'),
    reason: z.string().min(5).max(500).describe('Why; it is in every row made under the grant.'),
  }),
  output: z.object({ id: z.string(), expires_at: z.string() }),
})
  .plan(async ({ tools, targets, for: length, reason }, { home }) => {
    const user = userInfo().username;
    const { settings, source } = await breakGlassOf(home);
    const { longest = '1h', approvals = 1, tools: may = ['*'] } = settings;
    const blockers = [
      ...(anyGlob(settings.users)(user)
        ? []
        : [`${source} lets ${settings.users.join(', ')} break the glass, not ${user}.`]),
      ...(spanOf(length) > spanOf(longest) ? [`${source} allows ${longest} at most.`] : []),
      ...tools
        .filter((tool) => !may.includes('*') && !may.includes(tool))
        .map((tool) => `${source} lets the glass be broken for ${may.join(', ')}, not ${tool}.`),
    ];
    return {
      summary: `Break the glass for ${user}: ${tools.join(', ')} on ${targets.join(', ')} for ${length}`,
      changes: [
        `what rules forbid there is allowed to ${user} for ${length}: ${reason}`,
        'levels, consent, limits and the audit log hold as before',
      ],
      requests: [`write a signed grant in ${home.grants}`],
      blast_radius: {
        total: 1,
        objects: [{ type: 'grant', id: user, name: user }],
        reversible: false,
      },
      blockers,
      unmeasured: [],
      consent: approvals > 0 ? 'second_person' : 'human',
    };
  })
  .run(async ({ tools, targets, for: length, reason }, { home }, { approved }) => {
    const now = Date.now();
    const grant = {
      v: 1 as const,
      id: newGrantId(),
      user: userInfo().username,
      tools,
      targets,
      reason,
      approved: [...approved],
      issued_at: new Date(now).toISOString(),
      expires_at: new Date(now + spanOf(length)).toISOString(),
    };
    const { approvals = 1 } = (await breakGlassOf(home)).settings;
    if (approved.length < approvals)
      throw new Refusal(
        'AWAITING_APPROVAL',
        `${approvals} other people have to agree, and ${approved.length} did.`,
        'Run the command again; it says whom to ask.',
      );
    issueGrant(home, grant);
    return { id: grant.id, expires_at: grant.expires_at };
  });
