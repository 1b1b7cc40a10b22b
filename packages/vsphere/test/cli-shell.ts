import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const tab = '\t';

/** How each shell starts without anybody's settings, and what it is told first. */
const starts = {
  bash: {
    command: 'bash --norc --noprofile -i',
    first: ["bind 'set bell-style none'", 'source <(PROGRAM completion bash)'],
  },
  zsh: {
    command: 'zsh -f -i',
    first: ['autoload -U compinit && compinit -D -u', 'source <(PROGRAM completion zsh)'],
  },
  fish: { command: 'fish --no-config -i', first: ['PROGRAM completion fish | source'] },
} as const;
export type ShellName = keyof typeof starts;

export const isInstalled = (shell: ShellName): boolean =>
  spawnSync(shell, ['-c', 'exit 0']).status === 0;

export interface Program {
  readonly name: string;
  /** The file that is run for it. */
  readonly bin: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/**
 * Types lines at a real shell at a real pseudo-terminal, tabs and all, and resolves to the words with which each line
 * called the program. The program is the real one where it completes; other calls are only written down.
 */
export async function atShell(
  shell: ShellName,
  program: Program,
  typed: readonly string[],
): Promise<string[][]> {
  const dir = mkdtempSync(join(tmpdir(), 'shell-'));
  try {
    const calls = join(dir, 'calls');
    writeFileSync(calls, '');
    writeFileSync(join(dir, program.name), standIn(program.bin, calls));
    chmodSync(join(dir, program.name), 0o755);
    const env = {
      ...program.env,
      PATH: `${dir}:${process.env['PATH']}`,
      TERM: 'xterm',
      LANG: 'C.UTF-8',
    };
    const { command, first } = starts[shell];
    const told = first.map((line) => line.replaceAll('PROGRAM', program.name));
    await type(command, { cwd: program.cwd, env }, [[...told, program.name].join('\r'), ...typed]);
    const words = readFileSync(calls, 'utf8').split('\n').slice(0, -1);
    return words.map((line) => line.split('\0').slice(0, -1)).slice(1);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** What a call that only is written down shows. */
const called = '-was-called-';

const standIn = (bin: string, calls: string): string => `#!/bin/sh
case $1 in
  __complete|completion) exec '${process.execPath}' '${bin}' "$@" ;;
esac
for word; do printf '%s\\0' "$word" >> '${calls}'; done
printf '\\n' >> '${calls}'
echo ${called}
`;

/** Types each line when the program has been called by the one before it, and then leaves. */
function type(
  command: string,
  at: { cwd: string; env: NodeJS.ProcessEnv },
  lines: readonly string[],
): Promise<void> {
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    ...at,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const left = [...lines, 'exit'];
  const next = () => void child.stdin.write(`${left.shift() ?? ''}\r`);
  let screen = '';
  next();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    const at = screen.indexOf(called);
    if (at === -1) return;
    screen = screen.slice(at + called.length);
    next();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () =>
      left.length === 0 ? resolve() : reject(new Error(`Before ${left[0]}: ${screen}`)),
    );
  });
}
