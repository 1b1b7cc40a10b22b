import { Command } from 'commander';
import { expect, test } from 'vitest';
import { lab } from '../../../test/lab.js';
import { scripted } from '../../../test/terminal.js';
import { describe } from '../docs/describe.js';
import { addExplain } from './explain.js';
import { explained, explanationOf } from './explanation.js';

type Lab = Awaited<ReturnType<typeof lab>>;

const contexts = async () => [
  { name: 'lab', environment: 'lab', host: '', current: true },
  { name: 'prod', environment: 'production', host: '', current: false },
];

/** What `explain` with these words writes. */
async function explain(toolset: Lab['toolset'], ...words: string[]) {
  const { terminal, said } = scripted();
  const root = new Command('vmware-counters').exitOverride();
  addExplain(root, describe(toolset), async () => ({ contexts }), terminal);
  await root.parseAsync(['explain', ...words], { from: 'user' });
  return said.data;
}

/** The explanation of a tool by the rules of a lab. */
const inLab = (at: Lab, name: string, environment?: string) => {
  const tool = describe(at.toolset).tools.find(({ listing }) => listing.name === name);
  if (!tool) throw new Error(`There is no ${name}.`);
  return explanationOf('vmware-counters', tool, environment, at.home);
};

test('a command is found by its words, by its tool and by an older name of it', async () => {
  await using at = await lab();
  const byWords = await explain(at.toolset, 'counter', 'raise');
  expect(byWords).toMatch(/^COMMAND\n {2}vmware-counters counter raise <name>\n/);
  expect(await explain(at.toolset, 'raise_counter')).toBe(byWords);
  expect(await explain(at.toolset, 'bump_counter')).toBe(byWords);
});

test('inputs are written as on the command line, with types, choices and defaults', async () => {
  await using at = await lab();
  const { inputs } = await inLab(at, 'raise_counter');
  expect(inputs).toMatchObject([
    { written: '<name>', type: 'string', required: true },
    { written: '--tag', type: 'string', required: false, default: null },
    { written: '--by', type: 'integer', default: 1 },
    { written: '--pin' },
    { written: '--labels', type: 'list of string', choices: ['warm', 'cold'] },
    { written: '--checked', type: 'boolean', default: true },
  ]);
  const text = explained(await inLab(at, 'raise_counter'));
  expect(text).toMatch(/ {2}--by +integer = 1 +How far\.\n/);
  expect(text).toMatch(/ {2}--labels +list of string +Of the counter\. One of warm, cold\.\n/);
});

test('the output of a list is that of its items, and a change has none of its preview', async () => {
  await using at = await lab();
  expect((await inLab(at, 'list_counters')).outputs.map(({ field }) => field)).toEqual([
    'name',
    'value',
    'note',
  ]);
  expect((await inLab(at, 'delete_counter')).outputs).toEqual([{ field: 'name', type: 'string' }]);
});

test('the rules in force say whether it is allowed and what consent it needs, per environment', async () => {
  await using at = await lab({
    rules: [
      'version: 1',
      'default: {write: permit, consent: {critical: human}}',
      'rules: [{id: freeze, effect: forbid, tools: [delete_counter], targets: {environments: [production]}, reason: "Frozen."}]',
    ].join('\n'),
  });
  expect((await inLab(at, 'delete_counter', 'lab')).rules).toMatchObject({
    allowed: true,
    consent: 'human',
    source: at.home.rules,
  });
  expect((await inLab(at, 'delete_counter', 'production')).rules).toMatchObject({
    allowed: false,
    rule: 'freeze',
    reason: 'Frozen.',
  });
  expect((await inLab(at, 'list_counters')).rules).toMatchObject({ allowed: true, consent: null });
  expect(at.target.changes()).toEqual([]);
});

test('without -t the default target counts, with it the named one', async () => {
  await using at = await lab();
  const environment = async (...more: string[]) =>
    (JSON.parse(await explain(at.toolset, 'get_counter', '--json', ...more)) as { rules: object })
      .rules;
  expect(await environment()).toMatchObject({ environment: 'lab' });
  expect(await environment('-t', 'prod')).toMatchObject({ environment: 'production' });
});

test.each([
  [['counter', 'rise'], 'UNKNOWN_TOOL', ['counter raise']],
  [['raise_countre'], 'UNKNOWN_TOOL', ['raise_counter']],
  [['get_counter', '-t', 'prd'], 'UNKNOWN_TARGET', ['prod']],
])('%j is nothing that there is, and the near names are told', async (words, code, nearest) => {
  await using at = await lab();
  await expect(explain(at.toolset, ...words)).rejects.toMatchObject({ code, details: { nearest } });
});

test('a noun alone names its commands', async () => {
  await using at = await lab();
  await expect(explain(at.toolset, 'counter')).rejects.toMatchObject({
    details: {
      nearest: ['counter list', 'counter get', 'counter raise', 'counter reset', 'counter delete'],
    },
  });
});
