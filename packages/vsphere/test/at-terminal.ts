import { spawn } from 'node:child_process';

/** A question that is waited for, and what is typed at it. */
export type Typed = readonly [question: string, answer: string];

/** What Ctrl-C sends. */
export const interrupt = '\u0003';

export interface AtTerminal {
  readonly exit: number | null;
  /** What stood on the screen: both streams, and what was typed as far as the terminal shows it. */
  readonly screen: string;
}

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * Runs the command line at a real pseudo-terminal, that of util-linux `script`, and types each answer when its
 * question stands on the screen. Nothing is answered that was not asked.
 */
export function atTerminalOf(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  typed: readonly Typed[],
): Promise<AtTerminal> {
  const command = [process.execPath, program, ...args].map(quote).join(' ');
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'dumb', SHELL: '/bin/sh', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const left = [...typed];
  let screen = '';
  let read = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    const [question, answer] = left[0] ?? [];
    const at = question === undefined ? -1 : screen.indexOf(question, read);
    if (question === undefined || at === -1) return;
    left.shift();
    read = at + question.length;
    child.stdin.write(answer === interrupt ? interrupt : `${answer}\r`);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit) => {
      if (left.length === 0) resolve({ exit, screen: screen.replaceAll('\r\n', '\n') });
      else reject(new Error(`Never asked "${left[0]?.[0]}": ${screen}`));
    });
  });
}
