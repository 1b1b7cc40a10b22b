import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  const line = `${variable}=${quoted(password)}\n`;
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

/** Quoted so that `#`, blanks and the other kind of quote survive; see util.parseEnv. */
function quoted(password: string): string {
  const quote = ["'", '"', '`'].find((mark) => !password.includes(mark));
  return quote === undefined ? password : `${quote}${password}${quote}`;
}
