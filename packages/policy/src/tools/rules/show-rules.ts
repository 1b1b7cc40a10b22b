import * as z from 'zod';
import { baselineText } from '../../rules/baseline.js';
import { defineTool } from '../define.js';
import { rulesText } from './rules-file.js';

export const showRules = defineTool({
  name: 'show_rules',
  usage: 'rules show',
  summary: 'The rules in force: your rules.yaml, or the packaged baseline.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  format: 'text',
  examples: ['rules show', 'rules show --baseline > ~/.vmware/rules.yaml'],
  input: z.object({
    baseline: z.boolean().default(false).describe('The packaged baseline, whatever is in force.'),
  }),
  output: z.object({ source: z.string(), lines: z.array(z.string()) }),
}).run(async ({ baseline }, { home }) => {
  if (baseline) return { source: 'packaged baseline', lines: linesOf(baselineText) };
  const { source, text } = await rulesText(home, undefined);
  return { source, lines: linesOf(text) };
});

const linesOf = (text: string): string[] => text.replace(/\r?\n$/, '').split(/\r?\n/);
