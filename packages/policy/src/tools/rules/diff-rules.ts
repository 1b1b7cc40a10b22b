import * as z from 'zod';
import { pageOf } from '../../page.js';
import { differences, edits, questionsFor } from '../../rules/diff.js';
import { grouped } from '../../rules/diff-groups.js';
import { defineTool } from '../define.js';
import { instantOf } from './instant.js';
import { rulesText } from './rules-file.js';

export const diffRules = defineTool({
  name: 'diff_rules',
  usage: 'rules diff <old> <new>',
  summary: 'What another rules file would decide differently, and which rules were edited.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  timeout: 120_000,
  columns: ['tool', 'target', 'environment', 'role', 'old', 'new'],
  examples: ['rules diff ~/.vmware/rules.yaml new-rules.yaml'],
  input: z.object({
    old: z.string().describe('A rules file.'),
    new: z.string().describe('Another one.'),
    at: z.string().optional().describe('When: an ISO time; now otherwise.'),
  }),
  output: pageOf(
    z.object({
      tool: z.string(),
      target: z.string(),
      environment: z.string(),
      role: z.string(),
      old: z.string(),
      new: z.string(),
      tools: z.array(z.string()),
    }),
  ).extend({
    questions: z.int(),
    differences: z.int(),
    added: z.array(z.string()),
    removed: z.array(z.string()),
    changed: z.array(z.string()),
  }),
}).run(async (input, { home, tools }) => {
  const [old, next] = await Promise.all(
    [input.old, input.new].map(async (file) => (await rulesText(home, file)).set()),
  );
  if (!old || !next) throw new TypeError('Two files make two sets');
  const questions = questionsFor(old, next);
  const found = differences([old, next], tools, questions, instantOf(input.at));
  const items = grouped(found, questions).map((group) => ({
    tool: inShort(group.tools),
    ...group,
  }));
  const asked = tools.length * questions.places.length * questions.roles.length;
  const { added, removed, changed } = edits(old, next);
  return {
    items: items.map(({ tools: all, ...item }) => ({ ...item, tools: [...all] })),
    returned: items.length,
    limit: null,
    total: items.length,
    truncated: false,
    next_cursor: null,
    hint: [
      `${found.length} of ${asked} questions are answered differently.`,
      ...[['Added', added] as const, ['Removed', removed] as const, ['Changed', changed] as const]
        .filter(([, names]) => names.length > 0)
        .map(([what, names]) => `${what}: ${names.join(', ')}.`),
    ].join(' '),
    questions: asked,
    differences: found.length,
    added,
    removed,
    changed,
  };
});

const inShort = (tools: readonly string[]): string =>
  tools.length > 3
    ? `${tools.slice(0, 2).join(', ')} and ${tools.length - 2} more`
    : tools.join(', ');
