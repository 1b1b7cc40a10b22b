import { afterEach, expect, test } from 'vitest';
import { lab, story } from '../../../test/lab.js';
import { scripted } from '../../../test/terminal.js';
import { describe } from '../docs/describe.js';
import { program } from './program.js';

afterEach(() => {
  process.exitCode = undefined;
});

type Lab = Awaited<ReturnType<typeof lab>>;

/** Runs one command line on a lab, as a person who gives these answers or as a script that gives none. */
async function run(at: Lab, line: string[], ...answers: string[]) {
  const { terminal, said } = scripted(...answers);
  const root = program(describe(at.toolset), (work) => work(at.governed), terminal);
  process.exitCode = undefined;
  await root.parseAsync(['node', 'vmware-counters', ...line]);
  const code = process.exitCode;
  process.exitCode = undefined;
  return { code, ...said };
}

test('a read prints a table on stdout and nothing else', async () => {
  await using at = await lab();
  expect(await run(at, ['counter', 'list'])).toMatchObject({
    code: 0,
    talk: '',
    data: 'NAME    VALUE\nred     0\ngreen   0\nblue    0\n',
  });
  expect(at.audit()).toMatchObject([{ agent: 'test', phase: 'read' }]);
});

test('a person sees the plan, agrees with y, and it is done', async () => {
  await using at = await lab();
  const end = await run(at, ['counter', 'raise', 'red', '--by', '3'], 'y');
  expect(end).toMatchObject({
    code: 0,
    asked: ['Do it? [y/N] '],
    talk: expect.stringContaining('Raise red'),
  });
  expect(end.data).toContain('value   3');
  expect(story(at.audit())).toEqual(['preview preview', 'intent pending', 'outcome ok']);
  expect(at.audit()[1]?.body).toContain('"by":"human"');
});

test.each(['', 'n', 'no', 'yy', 'sure'])(
  'the answer "%s" is a no: nothing is changed',
  async (answer) => {
    await using at = await lab();
    expect(await run(at, ['counter', 'raise', 'red'], answer)).toMatchObject({
      code: 5,
      talk: expect.stringContaining('Nothing was changed'),
    });
    expect(at.target.changes()).toEqual([]);
  },
);

test('what destroys asks twice, and the second time for its name', async () => {
  await using at = await lab();
  const wrong = await run(at, ['counter', 'delete', 'red'], 'y', 'rad');
  expect(wrong).toMatchObject({
    code: 5,
    asked: ['Do it? [y/N] ', 'Type the name to confirm (red): '],
  });
  expect(wrong.talk).toContain('This cannot be undone.');
  expect(at.target.changes()).toEqual([]);
  expect(await run(at, ['counter', 'delete', 'red'], 'yes', 'red')).toMatchObject({ code: 0 });
  expect(at.target.changes()).toMatchObject([{ method: 'DELETE', name: 'red' }]);
});

test('a script has to say --yes, and for what destroys the name too', async () => {
  await using at = await lab();
  for (const [line, remedy] of [
    [['counter', 'raise', 'red'], 'Add --yes to do it'],
    [['counter', 'delete', 'red'], 'Add --yes --confirm red to do it'],
    [['counter', 'delete', 'red', '--yes'], 'Add --yes --confirm red'],
    [
      ['counter', 'delete', 'red', '--yes', '--confirm', 'blue'],
      '--confirm says blue, but this would change red',
    ],
    [['counter', 'delete', 'red', '--confirm', 'red'], 'Add --yes --confirm red'],
  ] as const)
    expect(await run(at, [...line])).toMatchObject({
      code: 2,
      talk: expect.stringContaining(remedy),
    });
  expect(at.target.changes()).toEqual([]);
  expect(await run(at, ['counter', 'raise', 'red', '--yes'])).toMatchObject({ code: 0 });
  expect(await run(at, ['counter', 'delete', 'red', '--yes', '--confirm', 'red'])).toMatchObject({
    code: 0,
  });
  expect(at.target.changes()).toHaveLength(2);
});

test('where the rules ask for a person --yes is not one', async () => {
  await using at = await lab({
    rules: 'version: 1\ndefault: {write: permit, consent: {medium: human}}\n',
  });
  expect(await run(at, ['counter', 'raise', 'red', '--yes'])).toMatchObject({
    code: 5,
    talk: expect.stringContaining('AWAITING_APPROVAL'),
  });
  expect(at.target.changes()).toEqual([]);
  expect(await run(at, ['counter', 'raise', 'red'], 'y')).toMatchObject({ code: 0 });
});

test('--dry-run shows the plan with its requests and asks nobody', async () => {
  await using at = await lab();
  const end = await run(at, ['counter', 'delete', 'red', '--dry-run', '--yes', '--confirm', 'red']);
  expect(end).toMatchObject({
    code: 0,
    data: expect.stringContaining('Requests:\n  DELETE counter:red\n'),
  });
  const asJson = await run(at, ['counter', 'delete', 'red', '--dry-run', '--json']);
  expect(JSON.parse(asJson.data)).toMatchObject({
    action: 'preview',
    plan: { requests: ['DELETE counter:red'] },
  });
  expect(at.target.changes()).toEqual([]);
});

test('a plan that changes between the question and the answer is not carried out', async () => {
  await using at = await lab();
  const { terminal, said } = scripted('y');
  const ask = terminal.ask;
  const slow = {
    ...terminal,
    ask: async (question: string) => {
      at.target.counters.set('red', { value: 9, note: '', locked: false });
      return ask(question);
    },
  };
  await program(describe(at.toolset), (work) => work(at.governed), slow).parseAsync([
    'node',
    'x',
    'counter',
    'raise',
    'red',
  ]);
  expect(said.talk).toContain('The plan changed while it was being agreed to');
  expect(said.talk).toContain('red is 9');
  expect(process.exitCode).toBe(6);
  process.exitCode = 0;
  expect(at.target.changes()).toEqual([]);
});

const locked = (at: Lab) =>
  void at.target.counters.set('red', { value: 0, note: '', locked: true });
const mood = (to: Lab['target']['mood']) => (at: Lab) => {
  at.target.mood = to;
};
const forbid = (at: Lab) => at.rules('version: 1\n');

test.each<[string, number, string[], ((at: Lab) => void)?]>([
  ['an input out of range', 2, ['counter', 'raise', 'red', '--by', '0', '--yes']],
  ['a target nobody configured', 3, ['counter', 'get', 'red', '-t', 'moon']],
  ['an object that is not there', 3, ['counter', 'get', 'black']],
  ['a rule that denies', 5, ['counter', 'raise', 'red', '--yes'], forbid],
  ['a change that is blocked', 6, ['counter', 'raise', 'red', '--yes'], locked],
  ['a conflict at the target', 6, ['counter', 'raise', 'red', '--yes'], mood('conflict')],
  ['a change whose outcome is unknown', 7, ['counter', 'raise', 'red', '--yes'], mood('cut')],
  ['an error nobody wrote to be read', 1, ['counter', 'get', 'red'], mood('broken')],
  ['a log that cannot be written', 9, ['counter', 'get', 'red'], (at) => at.rules('version: [')],
])('%s ends with code %i, talk on stderr and no data', async (_what, code, line, spoil) => {
  await using at = await lab();
  spoil?.(at);
  const end = await run(at, line);
  expect(end).toMatchObject({ code, data: '' });
  expect(end.talk).toContain('Error: ');
});

test('with --json an error is one JSON document on stderr', async () => {
  await using at = await lab();
  const { talk } = await run(at, ['counter', 'get', 'black', '--json']);
  expect(JSON.parse(talk)).toMatchObject({ error: { code: 'NOT_FOUND', retryable: true } });
});

test.each([
  ['--json', true],
  ['-o json', true],
  ['-o yaml', false],
  ['', false],
])('with "%s" an error is JSON: %s', async (flags, inJson) => {
  await using at = await lab();
  const line = ['counter', 'get', 'black', ...flags.split(' ').filter(Boolean)];
  const { talk, data } = await run(at, line);
  expect(data).toBe('');
  if (inJson) expect(JSON.parse(talk)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  else expect(talk).toMatch(/^Error: .+\n.+\[NOT_FOUND\]\n$/);
});

test('--config names the config.yaml of one command, by the variable that the targets read', async () => {
  await using at = await lab();
  const before = process.env['VMWARE_COUNTERS_CONFIG'];
  await run(at, ['counter', 'list', '-c', '/tmp/other.yaml']);
  expect(process.env['VMWARE_COUNTERS_CONFIG']).toBe('/tmp/other.yaml');
  if (before === undefined) delete process.env['VMWARE_COUNTERS_CONFIG'];
});
