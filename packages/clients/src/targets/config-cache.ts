import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Raised whenever the meaning of a parsed file changes. */
const format = 1;
const cacheOf = (path: string): string => join(dirname(path), '.config.cache.json');
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Stored {
  readonly format: number;
  readonly digest: string;
  readonly value: unknown;
}

/**
 * What exactly this text was parsed to before, so that a start with an unchanged config.yaml loads no YAML
 * parser. It is checked again like the file itself. A cache that is foreign, open to others or broken does not
 * exist.
 */
export function parsedBefore(path: string, text: string): unknown {
  try {
    const file = openSync(
      cacheOf(path),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    try {
      const { mode, uid, size } = fstatSync(file);
      const me = process.getuid?.();
      if (size > 1_000_000 || (me !== undefined && (uid !== me || mode & 0o077))) return undefined;
      const stored = JSON.parse(readFileSync(file, 'utf8')) as Stored;
      const isIt = stored.format === format && stored.digest === digestOf(text);
      return isIt ? stored.value : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** Keeps a parse for the next start. A cache that cannot be written is only slower. */
export function keepParsed(path: string, text: string, value: unknown): void {
  const fresh = `${cacheOf(path)}.${randomUUID()}`;
  const stored: Stored = { format, digest: digestOf(text), value };
  try {
    writeFileSync(fresh, JSON.stringify(stored), { mode: 0o600, flag: 'wx' });
    renameSync(fresh, cacheOf(path));
  } catch {
    rmSync(fresh, { force: true });
  }
}
