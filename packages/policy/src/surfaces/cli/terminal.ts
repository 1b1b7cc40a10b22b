import { createInterface } from 'node:readline/promises';

/** stdout is data, stderr is talk; a person is there when both stdin and stderr are terminals. */
export interface Terminal {
  data(text: string): void;
  talk(text: string): void;
  readonly isInteractive: boolean;
  /** Asks on stderr and reads a line from stdin. Ctrl-C and end of input are an empty answer. */
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
    ask: (question) => readLine(question, true),
    askHidden: (question) => readLine(question, false),
  };
}

async function readLine(question: string, echo: boolean): Promise<string> {
  const lines = createInterface({
    input: process.stdin,
    output: process.stderr,
    terminal: Boolean(process.stdin.isTTY),
  });
  const cut = new AbortController();
  lines.once('SIGINT', () => cut.abort());
  lines.once('close', () => cut.abort());
  if (!echo) muteEcho(lines, question);
  try {
    return await lines.question(question, { signal: cut.signal });
  } catch {
    return '';
  } finally {
    lines.close();
    if (!echo) process.stderr.write('\n');
  }
}

/** readline has no password mode; what it would write after the question is dropped. */
function muteEcho(lines: object, question: string): void {
  const writer = lines as { _writeToOutput?: (text: string) => void };
  writer._writeToOutput = (text) => {
    if (text.includes(question)) process.stderr.write(question);
  };
}
