import * as z from 'zod';
import { Refusal } from '../../refusal.js';
import { namesOf } from '../../rules/question.js';
import { testRules } from '../../rules/test-rules.js';
import { defineTool } from '../define.js';
import { rulesText } from './rules-file.js';

export const testRulesTool = defineTool({
  name: 'test_rules',
  usage: 'rules test',
  summary: 'Runs the tests a rules file carries and names the rules no test reaches.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  examples: ['rules test', 'rules test --file new-rules.yaml'],
  input: z.object({ file: z.string().optional().describe('Another file than the one in force.') }),
  output: z.object({
    source: z.string(),
    passed: z.int(),
    failed: z.int(),
    untested: z.array(z.string()),
  }),
}).run(async ({ file }, { home, tools }) => {
  const { source, set } = await rulesText(home, file);
  const byName = new Map(tools.flatMap((tool) => namesOf(tool).map((name) => [name, tool])));
  const report = testRules(await set(), byName, new Date());
  const failed = report.results.filter(({ passed }) => !passed);
  if (failed.length > 0)
    throw new Refusal(
      'RULES_TESTS_FAILED',
      failed.map(({ where, call, message }) => `${where}: ${call}: ${message}`).join('; '),
      `Mend the rules or the tests in ${source}, then run \`vmware-audit rules test\` again.`,
      { failed },
    );
  return {
    source,
    passed: report.results.length,
    failed: 0,
    untested: [...report.untested],
  };
});
