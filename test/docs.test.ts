import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
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

const helps = new Map<string, string>();

/** Help of the longest run of words that is a command. */
function helpOf(program: string, words: readonly string[]): string {
  const key = [program, ...words].join(' ');
  const known = helps.get(key);
  if (known !== undefined) return known;
  const { stdout, status } = spawnSync(
    process.execPath,
    [bins[program] ?? '', ...words, '--help'],
    { encoding: 'utf8' },
  );
  const help = status === 0 ? stdout : '';
  helps.set(key, help);
  return help;
}

test('documents cite commands at all', () => {
  expect(cited.length).toBeGreaterThan(40);
});

test('every cited command exists, with its flags', () => {
  const wrong = cited.flatMap(({ file, program, words }) => {
    const plain = words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word));
    const named = (plain === -1 ? words : words.slice(0, plain)).slice(0, 2);
    const flags = words
      .filter((word) => word.startsWith('--'))
      .map((word) => word.replace(/=.*/, ''));
    const help = helpOf(program, named);
    const command = `${program} ${named.join(' ')}`;
    if (!help.startsWith(`Usage: ${command}`)) return [`${file}: ${command}`];
    return flags
      .filter((flag) => !help.includes(flag))
      .map((flag) => `${file}: ${command} has no ${flag}`);
  });
  expect(wrong).toEqual([]);
});

test('every link between documents leads somewhere', () => {
  const wrong = pages.flatMap(({ file, text }) =>
    [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
      .filter(([, to]) => !existsSync(join(root, file, '..', to ?? '')))
      .map(([, to]) => `${file}: ${to}`),
  );
  expect(wrong).toEqual([]);
});
