import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flagOf } from '../src/surfaces/cli/flags.js';
import { ownInputs, type Surface } from '../src/surfaces/surface.js';

const packages = join(import.meta.dirname, '../..');
const names = readdirSync(packages).filter((name) => existsSync(join(packages, name, 'src')));

const surfaces = names
  .map((name) => join(packages, name, 'surface.json'))
  .filter((file) => existsSync(file))
  .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Surface);

/** Commands of every program besides its tools. */
const everywhere = ['mcp', 'mcp-config', 'explain', 'completion'];
const onTargets = ['doctor', 'init', 'context list', 'context current', 'context use'];

/** Words of every command, by program. */
const commands = new Map(
  surfaces.map(({ name, tools }) => [
    `vmware-${name}`,
    [
      ...tools.map(({ usage }) => usage.replace(/ ?[<[].*/, '')),
      ...everywhere,
      ...(name === 'audit' ? ['undo', 'restore'] : onTargets),
      ...(name === 'vks' ? ['preflight-auth'] : []),
    ],
  ]),
);

interface Citation {
  readonly file: string;
  readonly program: string;
  readonly words: string;
}

/** Every `vmware-… …` in backticks or after "run" in the sources; `${program}` stands for a program with targets. */
const citations: Citation[] = names.flatMap((name) =>
  readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(packages, name, 'src', file), 'utf8');
      const cited = [
        ...text.matchAll(
          /(?:`|[Rr]un )(vmware-[a-z-]+|\$\{(?:[\w.]+\.)?program\}) ([a-z][a-z -]*)/g,
        ),
      ];
      return cited.map(([, program = '', words = '']) => ({
        file: `${name}/${file}`,
        program,
        words: words.trim(),
      }));
    }),
);

const exists = ({ program, words }: Citation): boolean => {
  const known = program.startsWith('$')
    ? [...everywhere, ...onTargets]
    : (commands.get(program) ?? []);
  return known.some((command) => words === command || words.startsWith(`${command} `));
};

test('remedies cite commands, of more than one program', () => {
  expect(citations.length).toBeGreaterThan(20);
  expect(new Set(citations.map(({ program }) => program)).size).toBeGreaterThan(1);
});

test('every cited command exists', () => {
  expect(citations.filter((citation) => !exists(citation))).toEqual([]);
});

/** Flags that commands have besides the inputs of their tools. */
const ofEvery = [
  '--target',
  '--config',
  '--dry-run',
  '--yes',
  '--confirm',
  '--ticket',
  '--output',
  '--json',
];

test('every flag of a cited command of a tool is one of its flags', () => {
  const flags = new Map(
    surfaces.flatMap(({ name, tools }) =>
      tools.map((tool) => [
        `vmware-${name} ${tool.usage.replace(/ ?[<[].*/, '')}`,
        [...ofEvery, ...Object.keys(ownInputs(tool)).map((input) => `--${flagOf(tool, input)}`)],
      ]),
    ),
  );
  const cited = citations.flatMap(({ file, program, words }) => {
    const [command = '', ...rest] = `${program} ${words}`.split(/ (?=--)/);
    return rest.map((flag) => ({ file, command, flag: flag.split(' ')[0] ?? '' }));
  });
  expect(cited.length).toBeGreaterThan(5);
  expect(
    cited.filter(({ command, flag }) => flags.has(command) && !flags.get(command)?.includes(flag)),
  ).toEqual([]);
});

/** The sources of every package, tests left out. */
const sources = names.flatMap((name) =>
  readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(packages, name, 'src', file), 'utf8')),
);

test('every variable of ours that a text tells people to set is read somewhere', () => {
  const told = sources.flatMap((text) =>
    [...text.matchAll(/(?:[Ss]et|with) ((?:VMWARE|OPS)_[A-Z_]+)/g)].map(([, name = '']) => name),
  );
  const isRead = (name: string) => sources.some((text) => text.includes(`env['${name}']`));
  expect(told).toContain('OPS_HOME');
  expect([...new Set(told)].filter((name) => !isRead(name))).toEqual([]);
});
