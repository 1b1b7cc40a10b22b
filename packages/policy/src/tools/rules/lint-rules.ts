import * as z from 'zod';
import { pageOf } from '../../page.js';
import { Refusal } from '../../refusal.js';
import { lint } from '../../rules/lint.js';
import { defineTool } from '../define.js';
import { rulesText } from './rules-file.js';

export const lintRules = defineTool({
  name: 'lint_rules',
  usage: 'rules lint',
  summary: 'What is wrong or suspicious in a rules file, with line numbers.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  columns: ['severity', 'where', 'rule', 'message'],
  examples: ['rules lint', 'rules lint --file new-rules.yaml'],
  input: z.object({ file: z.string().optional().describe('Another file than the one in force.') }),
  output: pageOf(
    z.object({
      severity: z.enum(['error', 'warning', 'note']),
      where: z.string(),
      rule: z.string(),
      check: z.string(),
      message: z.string(),
    }),
  ),
}).run(async ({ file }, { home, tools }) => {
  const { source, set } = await rulesText(home, file);
  const findings = lint(await set(), tools);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new Refusal(
      'RULES_FAULTY',
      errors.map(({ where, message }) => `${where}: ${message}`).join(' '),
      `Mend these lines of ${source}, then run \`vmware-audit rules lint\` again.`,
      { findings },
    );
  return {
    items: findings,
    returned: findings.length,
    limit: null,
    total: findings.length,
    truncated: false,
    next_cursor: null,
    hint: `${source}: ${findings.length === 0 ? 'nothing found' : `${findings.length} to look at`}.`,
  };
});
