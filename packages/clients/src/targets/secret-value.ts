import { readFileSync } from 'node:fs';
import { TargetError } from './errors.js';

/** Milliseconds a password helper may take. */
const patience = 10_000;

/** What a configured value stands for: `b64:` text, `exec:` a command's output, or itself. */
export async function revealed(value: string, place: string): Promise<string> {
  if (value.startsWith('b64:')) return decoded(value);
  if (value.startsWith('exec:'))
    return outputOf(value.slice('exec:'.length).trim().split(/\s+/), place);
  return value;
}

/** Invalid base64 after `b64:` is a literal password that happens to start so. */
function decoded(value: string): string {
  const bytes = Buffer.from(value.slice('b64:'.length), 'base64');
  const isBase64 =
    bytes.toString('base64').replace(/=+$/, '') === value.slice(4).replace(/=+$/, '');
  const text = bytes.toString('utf8');
  return isBase64 && bytes.length > 0 && Buffer.from(text).equals(bytes) ? text : value;
}

/** The first line a helper prints. Run without a shell; its output is never shown. */
export async function outputOf(command: readonly string[], place: string): Promise<string> {
  const { execFile } = await import('node:child_process');
  const [file = '', ...args] = command;
  return new Promise((done, fail) => {
    execFile(file, args, { timeout: patience, maxBuffer: 64 * 1024 }, (error, stdout) => {
      const [line = ''] = stdout.split(/\r?\n/);
      if (!error && line) return done(line);
      const why = error?.killed
        ? 'did not finish within 10 s'
        : error
          ? `failed (${error.code ?? error.signal ?? 'error'})`
          : 'printed nothing';
      fail(
        new TargetError(
          'PASSWORD_HELPER_FAILED',
          `The password command ${file} named by ${place} ${why}`,
          `Run ${file} by hand and correct it, or change ${place}.`,
        ),
      );
    });
  });
}

/** The content of a `*_FILE` secret without its last line break. */
export function contentOf(path: string, place: string): string {
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (text && text.length <= 64 * 1024) return text;
  } catch {
    // Said below, with the place that named the file.
  }
  throw new TargetError(
    'PASSWORD_FILE_UNREADABLE',
    `The file ${path} named by ${place} is missing, empty, too large or unreadable`,
    `Write the password into ${path}, or change ${place}.`,
  );
}
