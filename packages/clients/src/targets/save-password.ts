import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { readEnvFile } from './env-file.js';
import type { TargetConfig } from './target.js';

/**
 * Adds a target's password to the `.env` beside config.yaml, making the file as 0600, and returns the name of
 * the variable. A file that is there keeps every line; one that others may read is refused, as when reading it.
 */
export function savePassword(
  { product, name, directory }: Pick<TargetConfig, 'product' | 'name' | 'directory'>,
  password: string,
): string {
  const file = join(directory, '.env');
  const shout = (word: string) => word.toUpperCase().replace(/[^A-Z0-9]/g, '_');
  const variable = `VMWARE_${shout(product)}_${shout(name)}_PASSWORD`;
  const line = `${variable}=${written(password)}\n`;
  if (!existsSync(file)) {
    writeFileSync(file, line, { mode: 0o600, flag: 'wx' });
    chmodSync(file, 0o600);
    return variable;
  }
  readEnvFile(file);
  const before = readFileSync(file, 'utf8');
  appendFileSync(file, before === '' || before.endsWith('\n') ? line : `\n${line}`);
  return variable;
}

/** In the first form that reads back as the password itself: `b64:` where quotes or a prefix would change it. */
function written(password: string): string {
  const plain = ["'", '"', '`']
    .map((mark) => `${mark}${password}${mark}`)
    .find((text) => parseEnv(`X=${text}`)['X'] === password);
  return plain === undefined || /^(b64|exec):/.test(password)
    ? `b64:${Buffer.from(password).toString('base64')}`
    : plain;
}
