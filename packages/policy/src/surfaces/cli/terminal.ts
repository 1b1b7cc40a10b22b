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
  /** How stderr can show what is under way: drawn over itself, in lines now and then; absent, not at all. */
  readonly live?: 'drawn' | 'lines' | undefined;
  /** Writes to stderr as it is, control sequences too. */
  draw?(text: string): void;
  /** Width of stderr in characters. */
  readonly columns?: number | undefined;
  /** Whether stdout is a terminal that can be cleared. */
  readonly clears?: boolean;
}

const isDumb = () => process.env['TERM'] === 'dumb';

export function processTerminal(): Terminal {
  // Node opens each of the three when it is first looked at.
  return {
    data: (text) => void process.stdout.write(text),
    talk: (text) => void process.stderr.write(`${text}\n`),
    get isInteractive() {
      return Boolean(process.stdin.isTTY && process.stderr.isTTY);
    },
    ask: (question) => readLine(question, { echo: true }),
    askHidden: (question) => readLine(question, { echo: false }),
    get live() {
      if (!process.stderr.isTTY) return undefined;
      return isDumb() ? 'lines' : 'drawn';
    },
    draw: (text) => void process.stderr.write(text),
    get columns() {
      // A terminal that nobody has given a size has 0.
      return process.stderr.columns || undefined;
    },
    get clears() {
      return Boolean(process.stdout.isTTY) && !isDumb();
    },
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
