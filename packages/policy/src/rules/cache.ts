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
    const stored: object = JSON.parse(await file.readFile('utf8'));
    const said = (key: string): unknown => Reflect.get(stored, key);
    const places = said('places');
    return said('format') === format && said('digest') === digest && arePlaces(places)
      ? { value: said('value'), places }
      : undefined;
  } catch {
    return undefined;
  }
}

const arePlaces = (places: unknown): places is Cached['places'] =>
  places instanceof Object && Object.values(places).every(isPlace);

const isPlace = (place: unknown): boolean =>
  place instanceof Object &&
  Number.isInteger(Reflect.get(place, 'line')) &&
  Number.isInteger(Reflect.get(place, 'column'));

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
    await rm(fresh).catch(() => undefined);
  }
}
