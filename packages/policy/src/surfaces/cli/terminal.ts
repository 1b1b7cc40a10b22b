import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Refusal } from '../../refusal.js';

/** stdout is data, stderr is talk; a person is there when both stdin and stderr are terminals. */
export interface Terminal {
  data(text: string): void;
  talk(text: string): void;
  readonly isInteractive: boolean;
  /** Asks on stderr and reads a line from stdin; the end of input is an empty answer. Throws CANCELLED on Ctrl-C. */
  ask(question: string): Promise<string>;
  /** Like ask, without showing what is typed. */
  askHidden(question: string): Promise<string>;
}

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  return {
    data: (text) => void stdout.write(text),
    talk: (text) => void stderr.write(`${text}\n`),
    isInteractive: Boolean(stdin.isTTY && stderr.isTTY),
    ask: (question) => readLine(question, { echo: true }),
    askHidden: (question) => readLine(question, { echo: false }),
  };
}

async function readLine(question: string, { echo }: { echo: boolean }): Promise<string> {
  const { stdin, stderr } = process;
  // readline echoes to its output, so a password is read with one that shows nothing.
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: stdin,
    output: echo ? stderr : nothing,
    terminal: Boolean(stdin.isTTY),
  });
  // Only now has the terminal stopped echoing by itself.
  if (!echo) stderr.write(question);
  const ended = new AbortController();
  let interrupted = false;
  lines.once('SIGINT', () => {
    interrupted = true;
    ended.abort();
  });
  lines.once('close', () => ended.abort());
  try {
    return await lines.question(echo ? question : '', { signal: ended.signal });
  } catch {
    if (!interrupted) return '';
    throw new Refusal(
      'CANCELLED',
      'Interrupted. Nothing was changed.',
      'Run the command again when you want it done.',
    );
  } finally {
    lines.close();
    if (!echo) stderr.write('\n');
  }
}
