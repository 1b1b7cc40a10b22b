import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const program = join(import.meta.dirname, '../../verifier/verify_audit_log.py');

export const hasPython = spawnSync('python3', ['--version']).status === 0;

export interface Said {
  readonly verdict: string;
  readonly first_bad_row: number | null;
  readonly problem: string | null;
}

/** What the independent verifier says of each home. */
export function askPython(...args: readonly string[]): { said: Said[]; status: number | null } {
  const { stdout, stderr, status } = spawnSync('python3', ['-B', program, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (stderr !== '') throw new Error(stderr);
  const lines = stdout.trimEnd().split('\n');
  return { said: lines.map((line) => JSON.parse(line) as Said), status };
}
