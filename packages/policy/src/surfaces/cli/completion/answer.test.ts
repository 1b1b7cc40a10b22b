import { expect, test } from 'vitest';
import { lab } from '../../../../test/lab.js';
import { scripted } from '../../../../test/terminal.js';
import { govern } from '../../../open.js';
import { describe } from '../../docs/describe.js';
import { addExplain } from '../explain.js';
import { program } from '../program.js';
import { answer } from './answer.js';
import { type Asks, addCompletion } from './commands.js';

type Lab = Awaited<ReturnType<typeof lab>>;

const contexts = async () => [
  { name: 'lab', environment: 'lab', host: 'lab.example', current: true },
  { name: 'prod', environment: 'production', host: '', current: false },
];

/** The answer to words as the scripts get it, and how often the toolset was loaded for it. */
async function completed(at: Lab, words: string[], asks: Partial<Asks> = {}) {
  let loads = 0;
  const all: Asks = {
    load: async (options) => {
      loads += 1;
      return govern(at.toolset, { home: at.home, env: {}, ...options });
    },
    local: async () => ({ contexts }),
    ...asks,
  };
  const surface = describe(at.toolset);
  const { terminal } = scripted();
  const root = program(surface, (work) => work(at.governed), terminal);
  addExplain(root, surface, all.local, terminal);
  addCompletion(root, surface, all, terminal);
  const text = await answer(root, surface, all, words, { breaks: '', type: '' });
  const [kind, ...lines] = text.trimEnd().split('\n');
  return { kind, words: lines.map((line) => line.split('\t')[0]), text, loads };
}

test.each<[string[], string, string[]]>([
  [['cou'], 'words', ['counter']],
  [['counter', 'r'], 'words', ['raise', 'reset']],
  [['counter', 'raise', 'red', '--l'], 'words', ['--labels']],
  [['counter', 'raise', 'red', '--labels', 'w'], 'nospace', ['warm']],
  [['counter', 'raise', 'red', '--labels', 'warm,'], 'nospace', ['warm,cold']],
  [['counter', 'raise', 'red', '--labels=warm,'], 'nospace', ['--labels=warm,cold']],
  [['counter', 'list', '-o', 'j'], 'words', ['json', 'jsonl', 'jsonpath=']],
  [['counter', 'list', '--output=jsonp'], 'nospace', ['--output=jsonpath=']],
  [['counter', 'list', '-t', ''], 'words', ['lab', 'prod']],
  [['counter', 'list', '--target=p'], 'words', ['--target=prod']],
  [['counter', 'list', '--config', ''], 'files', []],
  [['counter', 'raise', 'red', '--by', ''], 'words', []],
  [['explain', 'counter', 'de'], 'words', ['delete']],
  [['explain', 'raise_'], 'words', ['raise_counter']],
  [['completion', 'f'], 'words', ['fish']],
  [['nonsense', 'x'], 'words', []],
])('%j is completed as %s %j without loading a tool', async (line, kind, words) => {
  await using at = await lab();
  expect(await completed(at, line)).toMatchObject({ kind, words, loads: 0 });
});

test('flags that were given are not offered again', async () => {
  await using at = await lab();
  const before = await completed(at, ['counter', 'list', '--']);
  expect(before.words).toEqual(expect.arrayContaining(['--target', '--watch', '--json', '--help']));
  const after = await completed(at, ['counter', 'list', '-t', 'lab', '--json', '--']);
  expect(after.words).not.toContain('--target');
  expect(after.words).not.toContain('--json');
});

test('names of objects come from the list of the noun, by a read that is recorded as completion', async () => {
  await using at = await lab();
  expect(await completed(at, ['counter', 'get', ''])).toMatchObject({
    words: ['red', 'green', 'blue'],
    loads: 1,
  });
  expect((await completed(at, ['counter', 'raise', 'g'])).words).toEqual(['green']);
  expect(at.audit()).toMatchObject([
    { tool: 'list_counters', agent: 'completion', status: 'ok', target: 'lab' },
    { tool: 'list_counters', agent: 'completion', status: 'ok' },
  ]);
  expect(at.target.changes()).toEqual([]);
});

test('a name that is more than a line is no candidate', async () => {
  await using at = await lab();
  at.target.counters.set('grey\nfiles', { value: 0, note: '', locked: false });
  at.target.counters.set('grey\u001b[2J', { value: 0, note: '', locked: false });
  const { text } = await completed(at, ['counter', 'get', 'gr']);
  expect(text).not.toMatch(/^files/m);
  expect(text).not.toContain('\u001b');
  expect(text).toMatch(/^words\ngreen\b/);
});

test('names are those of the target that the line names', async () => {
  await using at = await lab();
  await completed(at, ['counter', 'get', '-t', 'prod', '']);
  expect(at.audit()).toMatchObject([{ target: 'prod' }]);
});

const nothing = { text: 'words\n' };

test('what the rules deny is not told, and the denial is recorded', async () => {
  await using at = await lab({
    rules:
      'version: 1\nrules: [{id: no-lists, effect: forbid, tools: [list_counters], reason: "No."}]\n',
  });
  expect(await completed(at, ['counter', 'get', ''])).toMatchObject(nothing);
  expect(at.audit()).toMatchObject([{ status: 'denied', agent: 'completion' }]);
});

test('rules that do not load, a target that fails and one that nobody configured are silence', async () => {
  await using at = await lab();
  expect(await completed(at, ['counter', 'get', '-t', 'moon', ''])).toMatchObject(nothing);
  at.target.mood = 'broken';
  expect(await completed(at, ['counter', 'get', ''])).toMatchObject(nothing);
  at.rules('version: [');
  expect(await completed(at, ['counter', 'get', ''])).toMatchObject(nothing);
  const broken = { local: () => Promise.reject(new Error('no file')) };
  expect(await completed(at, ['counter', 'list', '-t', ''], broken)).toMatchObject(nothing);
});
