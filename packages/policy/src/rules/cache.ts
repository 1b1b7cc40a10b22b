import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import type { Place } from './rule-set.js';

/** Raised whenever the shape of the cache or the meaning of a parsed file changes. */
const format = 1;
const maxBytes = 4 * 1024 * 1024;

/** A rules file as plain data. It is validated again when it is used, so a cache cannot say more than a file. */
export interface Cached {
  readonly value: unknown;
  readonly places: Readonly<Record<string, Place>>;
}

/** The cached parse of exactly these bytes. A cache that is foreign, open to others or broken does not exist. */
export async function readCache(path: string, digest: string): Promise<Cached | undefined> {
  try {
    await using file = await open(
      path,
      constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW,
    );
    const facts = await file.stat();
    const me = process.getuid?.();
    const ours = me === undefined || (facts.uid === me && (facts.mode & 0o077) === 0);
    if (!facts.isFile() || !ours || facts.size > maxBytes) return undefined;
    const stored: unknown = JSON.parse(await file.readFile('utf8'));
    return isCache(stored) && stored.format === format && stored.digest === digest
      ? stored
      : undefined;
  } catch {
    return undefined;
  }
}

interface Stored extends Cached {
  readonly format: unknown;
  readonly digest: unknown;
}

function isCache(stored: unknown): stored is Stored {
  if (typeof stored !== 'object' || stored === null) return false;
  if (!('format' in stored && 'digest' in stored && 'value' in stored && 'places' in stored))
    return false;
  const { places } = stored;
  return (
    typeof places === 'object' &&
    places !== null &&
    Object.values(places).every(
      (place: unknown) =>
        typeof place === 'object' &&
        place !== null &&
        'line' in place &&
        'column' in place &&
        Number.isInteger(place.line) &&
        Number.isInteger(place.column),
    )
  );
}

/** Keeps a parse for the next start. A cache that cannot be written is only slower. */
export async function writeCache(path: string, digest: string, cached: Cached): Promise<void> {
  const fresh = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(fresh, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify({ format, digest, ...cached }));
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } catch {
    await rm(fresh, { force: true }).catch(() => undefined);
  }
}
