import { createHmac, randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Home, prepareHome } from './home.js';
import { Refusal } from './refusal.js';

/**
 * Reads a key file, made on first use as 0600. It appears whole or not at all, so that two programs that start
 * at once use one key.
 */
export function keyFile(home: Home, path: string, make: () => string | Buffer): Buffer {
  const found = read(path);
  if (found) return found;
  prepareHome(home);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(draft, make(), { mode: 0o600, flag: 'wx' });
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path);
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The 32 bytes that seal consents and key the digests of arguments. Per user and host; it outlives the process. */
export function secretKey(home: Home): Buffer {
  const key = keyFile(home, home.sealKey, () => randomBytes(32));
  if (key.length === 32) return key;
  throw new Refusal(
    'SEAL_KEY_BROKEN',
    `${home.sealKey} is not a 32-byte key.`,
    `Run \`rm ${home.sealKey}\`; a new key is made, and previews given before are void.`,
  );
}

/** HMAC-SHA-256 with that key, hexadecimal. */
export function keyedDigest(home: Home): (text: string) => string {
  let key: Buffer | undefined;
  return (text) => {
    key ??= secretKey(home);
    return createHmac('sha256', key).update(text).digest('hex');
  };
}
