import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
/** Commands that the evals of skills name, one a line, as if they were a page. */
const evals = readdirSync(join(root, 'skills'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('evals.json'))
  .map((file) => {
    const { evals: all } = JSON.parse(readFileSync(join(root, 'skills', file), 'utf8')) as {
      evals: { commands: string[] }[];
    };
    return { file: join('skills', file), text: all.flatMap(({ commands }) => commands).join('\n') };
  });

const pages = ['README.md', 'SECURITY.md', 'AGENTS.md', 'CONTRIBUTING.md']
  .concat(
    [
      'docs',
      'skills',
      'packages/vsphere',
      'packages/nsx-security',
      'packages/vks',
      'packages/policy',
    ].flatMap((dir) =>
      readdirSync(join(root, dir), {
        recursive: !dir.startsWith('packages'),
        encoding: 'utf8',
      })
        .filter((file) => file.endsWith('.md'))
        .map((file) => join(dir, file)),
    ),
  )
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
  .concat(evals);

interface Cited {
  readonly file: string;
  readonly program: string;
  readonly words: readonly string[];
}

/** Every `vmware-… …` in backticks or at the start of a line of a code block. */
const cited: Cited[] = pages.flatMap(({ file, text }) =>
  [
    ...text.matchAll(
      /(?:`|^(?:\$ )?)(vmware-(?:vsphere|nsx-security|vks|audit))((?: +[^\s`|#;]+)+)/gm,
    ),
  ].map((match) => ({
    file: relative(root, join(root, file)),
    program: match[1] ?? '',
    words: (match[2] ?? '').trim().split(/ +/),
  })),
);

const bins: Readonly<Record<string, string>> = {
  'vmware-vsphere': join(root, 'packages/vsphere/bin/vmware-vsphere.cjs'),
  'vmware-vks': join(root, 'packages/vks/bin/vmware-vks.cjs'),
  'vmware-nsx-security': join(root, 'packages/nsx-security/bin/vmware-nsx-security.cjs'),
  'vmware-audit': join(root, 'packages/policy/bin/vmware-audit.cjs'),
};

const helps = new Map<string, Promise<string>>();

/** Help of the longest run of words that is a command; empty where there is none. */
function helpOf(program: string, words: readonly string[]): Promise<string> {
  const key = [program, ...words].join(' ');
  const known = helps.get(key) ?? ask(program, words);
  helps.set(key, known);
  return known;
}

const ask = (program: string, words: readonly string[]): Promise<string> =>
  promisify(execFile)(process.execPath, [bins[program] ?? '', ...words, '--help']).then(
    ({ stdout }) => stdout,
    () => '',
  );

/** Whether a help is that of a command; one with an alias is `Usage: vmware-vks doctor|check`. */
function isOf(command: string, help: string): boolean {
  const used = help.split('\n')[0]?.replace('Usage: ', '').split(' ') ?? [];
  return command
    .split(' ')
    .filter((word) => word !== '')
    .every((word, at) => used[at]?.split('|').includes(word));
}

test('documents cite commands at all', () => {
  expect(cited.length).toBeGreaterThan(40);
});

test('every cited command exists, with its flags', async () => {
  const wrong: string[] = [];
  const left = [...cited];
  const examine = async () => {
    for (let next = left.shift(); next; next = left.shift()) wrong.push(...(await wrongWith(next)));
  };
  await Promise.all(Array.from({ length: 4 }, examine));
  expect(wrong).toEqual([]);
}, 180_000);

async function wrongWith({ file, program, words }: (typeof cited)[number]): Promise<string[]> {
  const plain = words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word));
  const named = (plain === -1 ? words : words.slice(0, plain)).slice(0, 2);
  const help = await helpOf(program, named);
  const command = `${program} ${named.join(' ')}`;
  if (!isOf(command, help)) return [`${file}: ${command}`];
  return words
    .filter((word) => word.startsWith('--'))
    .map((word) => word.replace(/=.*/, ''))
    .filter((flag) => !help.includes(flag))
    .map((flag) => `${file}: ${command} has no ${flag}`);
}

test('every link between documents leads somewhere', () => {
  const wrong = pages.flatMap(({ file, text }) =>
    [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
      .filter(([, to]) => !existsSync(join(root, file, '..', to ?? '')))
      .map(([, to]) => `${file}: ${to}`),
  );
  expect(wrong).toEqual([]);
});
