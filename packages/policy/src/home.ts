import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from './refusal.js';

/** Where policy keeps its state: `~/.vmware`, or `$OPS_HOME`, the name the Python family gave it. */
export interface Home {
  readonly dir: string;
  readonly rules: string;
  readonly rulesCache: string;
  readonly auditDb: string;
  readonly auditAnchor: string;
  readonly auditKey: string;
  readonly sealKey: string;
  /** Requests for agreement that only this user can answer. */
  readonly approvals: string;
  readonly grants: string;
}

export const homeAt = (dir: string): Home => ({
  dir,
  rules: join(dir, 'rules.yaml'),
  rulesCache: join(dir, 'rules.cache.json'),
  auditDb: join(dir, 'audit.db'),
  auditAnchor: join(dir, 'audit.anchor'),
  auditKey: join(dir, 'audit.key'),
  sealKey: join(dir, 'seal.key'),
  approvals: join(dir, 'approvals'),
  grants: join(dir, 'grants'),
});

export const homeOf = (env: NodeJS.ProcessEnv = process.env): Home =>
  homeAt(env['OPS_HOME'] || join(homedir(), '.vmware'));

/** Creates the folder as 0700, tightens one that others may enter, and refuses one that is not ours. */
export function prepareHome(home: Home): void {
  mkdirSync(home.dir, { recursive: true, mode: 0o700 });
  const found = lstatSync(home.dir);
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid()))
    throw new Refusal(
      'HOME_NOT_OURS',
      `${home.dir} is not a directory that belongs to you.`,
      `Run \`ls -ld ${home.dir}\`, then make it a directory owned by the user who runs this program.`,
    );
  if (found.mode & 0o077) chmodSync(home.dir, 0o700);
}
