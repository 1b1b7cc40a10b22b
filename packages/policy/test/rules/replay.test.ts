import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import * as z from 'zod';
import { defineToolset, type Plan, secret, toolsFor } from '../../src/index.js';
import type { ToolFacts } from '../../src/rules/question.js';
import { replay } from '../../src/rules/replay.js';
import { harness } from '../../src/testing/harness.js';
import { pastCalls } from '../../src/tools/rules/past-calls.js';
import { rulesText } from '../../src/tools/rules/rules-file.js';
import { fileForm } from './random-rules.js';

const define = toolsFor<object>();
const input = z.object({
  name: z.string().optional().describe('Name.'),
  count: z.number().optional().describe('Objects that the plan touches.'),
  force: z.boolean().optional().describe('Force.'),
  disk: z.object({ size_gb: z.number().optional() }).optional().describe('Disk.'),
  tags: z.array(z.string()).optional().describe('Tags.'),
  pin: secret().optional().describe('Pin.'),
});
const output = z.object({});

const planOf = (name: string, total: number): Plan => ({
  summary: `Change ${name}`,
  changes: [],
  requests: [`POST ${name}`],
  blast_radius: { total, objects: [], reversible: true },
  blockers: name === 'locked' ? ['It is locked.'] : [],
  unmeasured: [],
});

/** A tool of every effect and risk, and one that has an older name too. They do nothing. */
const facts: readonly ToolFacts[] = [
  { name: 'list_vms', effect: 'read', risk: 'low', level: 'read_only' },
  { name: 'power_on', effect: 'write', risk: 'low', level: 'power_ops' },
  { name: 'power_off', effect: 'write', risk: 'medium', level: 'power_ops' },
  {
    name: 'raise_vm',
    effect: 'write',
    risk: 'high',
    level: 'vm_lifecycle',
    aliases: ['bump_counter'],
  },
  { name: 'delete_vm', effect: 'destroy', risk: 'critical', level: 'host_admin' },
  { name: 'delete_tag', effect: 'destroy', risk: 'medium', level: 'vm_lifecycle' },
];
const tools = facts.map(({ name, effect, risk, level, aliases = [] }) => {
  const card = {
    name,
    usage: name.replace('_', ' '),
    summary: 'Does nothing.',
    risk: risk as 'low',
    level,
    aliases,
    input,
    output,
  };
  return effect === 'read'
    ? define({ ...card, effect }).run(async () => ({}))
    : define({ ...card, effect })
        .plan(async (asked) => planOf(asked.name ?? '', Math.max(0, Math.round(asked.count ?? 1))))
        .run(async () => ({}));
});
const targets = [
  { name: 'vc-1', environment: 'lab' },
  { name: 'vc-2', environment: 'prod' },
  { name: 'nsx', environment: '' },
];
const toolset = defineToolset<object>({
  name: 'nothing',
  title: 'Tools that do nothing',
  version: '1.0.0',
  instructions: '',
  targets: async () => ({
    list: () => targets,
    find: (wanted) => targets.find(({ name }) => name === wanted) ?? { name: '', environment: '' },
  }),
  connect: async () => ({ clients: {}, close: async () => {} }),
  groups: { all: tools },
});

const roles = {
  ops: { users: ['*'], level: 'full_admin' },
  admins: { users: ['nobody'], level: 'full_admin' },
  readers: { agents: ['test*'], level: 'read_only' },
};
const file = fileForm(12).map((form) => ({ ...form, roles }));
const narrow = file.map((form) => ({
  ...form,
  roles: { ...roles, ops: { users: ['*'], level: 'power_ops' } },
}));

const word = fc.constantFrom(
  'web-1',
  'db-1',
  'e\u0301',
  'locked',
  'x\u200by',
  'password=hunter2!!',
);
const call = fc.record({
  which: fc.nat(tools.length - 1),
  target: fc.constantFrom(...targets.map(({ name }) => name)),
  dryRun: fc.boolean(),
  input: fc.record(
    {
      name: word,
      count: fc.nat(9),
      force: fc.boolean(),
      disk: fc.record({ size_gb: fc.nat(9) }, { requiredKeys: [] }),
      tags: fc.array(word, { maxLength: 2 }),
      pin: fc.constant('1234'),
    },
    { requiredKeys: [] },
  ),
});
const perFile = 40;

test('1,000 decisions in the log are made again alike, by the same rule, from what the log says', {
  timeout: 180_000,
}, async () => {
  const kinds = new Map<string, number>();
  let decided = 0;
  let unsure = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 3, arbitrary: file }, narrow),
      fc.array(call, { minLength: perFile, maxLength: perFile }),
      async (form, calls) => {
        await using at = harness(toolset);
        writeFileSync(at.home.rules, stringify(form), { mode: 0o600 });
        for (const { which, input: given, ...how } of calls) {
          const tool = tools[which];
          if (tool) await at.call(tool, given, { ...how, confirmed: true });
        }
        const set = await (await rulesText(at.home, undefined)).set();
        const past = pastCalls(at.home, facts, set, { since: undefined, last: perFile });
        for (const one of past.calls.map((each) => replay(set, each, past.intents))) {
          decided += 1;
          if (one.unsure) unsure += 1;
          else {
            const { was, seq } = one.past;
            const { allowed, rule } = one.becomes;
            expect({ seq, allowed, rule }).toEqual({ seq, ...was });
            const who = ['roles', 'default'].includes(rule) ? rule : 'a rule';
            kinds.set(`${allowed} by ${who}`, (kinds.get(`${allowed} by ${who}`) ?? 0) + 1);
          }
        }
      },
    ),
    { numRuns: 40, endOnFailure: true },
  );
  expect(decided).toBeGreaterThan(1_000);
  expect(unsure).toBeLessThan(decided / 3);
  // Not every run has all five of them; one that has few has tested little.
  expect(kinds.size, [...kinds.keys()].join(', ')).toBeGreaterThanOrEqual(3);
});
