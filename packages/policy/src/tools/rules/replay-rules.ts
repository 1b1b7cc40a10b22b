import * as z from 'zod';
import { pageOf } from '../../page.js';
import { type Replayed, replay } from '../../rules/replay.js';
import { sinceOf } from '../audit/since.js';
import { defineTool } from '../define.js';
import { pastCalls } from './past-calls.js';
import { rulesText } from './rules-file.js';

const listed = 50;

export const replayRules = defineTool({
  name: 'replay_rules',
  usage: 'rules replay',
  summary: 'Which calls of the audit log would be decided differently under these rules.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  timeout: 600_000,
  columns: ['seq', 'time', 'tool', 'target', 'user', 'was', 'becomes', 'where'],
  examples: ['rules replay --file new-rules.yaml', 'rules replay --since 30d --last 100000'],
  input: z.object({
    file: z.string().optional().describe('The new rules; those in force otherwise.'),
    since: z
      .string()
      .optional()
      .describe('Decisions since an ISO time, or an age such as 24h or 7d.'),
    last: z.int().min(1).max(1_000_000).default(1_000).describe('Newest decisions at most.'),
  }),
  output: pageOf(
    z.object({
      seq: z.int(),
      time: z.string(),
      tool: z.string(),
      target: z.string(),
      user: z.string(),
      was: z.string(),
      becomes: z.string(),
      where: z.string().nullable(),
    }),
  ).extend({
    source: z.string(),
    replayed: z.int(),
    changed: z.int(),
    unsure: z.int(),
    /** The first of them. */
    unsure_rows: z.array(z.int()),
    unknown_tools: z.int(),
  }),
}).run(async ({ file, since, last }, { home, tools }) => {
  const { source, set } = await rulesText(home, file);
  const rules = await set();
  const { calls, intents, unknownTools } = pastCalls(home, tools, rules, {
    since: sinceOf(since),
    last,
  });
  const all = calls.map((call) => replay(rules, call, intents));
  const unsure = all.filter((one) => one.unsure);
  const changed = all.filter(
    ({ unsure: isUnsure, past, becomes }) => !isUnsure && past.was.allowed !== becomes.allowed,
  );
  return {
    items: changed.map(rowOf),
    returned: changed.length,
    limit: null,
    total: changed.length,
    truncated: false,
    next_cursor: null,
    hint: hintOf(all.length, changed.length, unsure.length, unknownTools),
    source,
    replayed: all.length,
    changed: changed.length,
    unsure: unsure.length,
    unsure_rows: unsure.slice(0, listed).map(({ past }) => past.seq),
    unknown_tools: unknownTools,
  };
});

const rowOf = ({ past, becomes }: Replayed) => ({
  seq: past.seq,
  time: past.to.toISOString(),
  tool: past.tool.name,
  target: past.target.name,
  user: past.user,
  was: said(past.was),
  becomes: said(becomes),
  where: becomes.where ?? null,
});

const said = ({ allowed, rule }: { allowed: boolean; rule: string }) =>
  `${allowed ? 'allow' : 'deny'} by ${rule}`;

function hintOf(replayed: number, changed: number, unsure: number, unknown: number): string {
  const rest = [
    ...(unsure > 0
      ? [
          `${unsure} cannot be told: an argument was redacted, or a size or an instant is not known.`,
        ]
      : []),
    ...(unknown > 0 ? [`${unknown} are of tools that are not installed.`] : []),
  ];
  return [`${changed} of ${replayed} decisions would change.`, ...rest].join(' ');
}
