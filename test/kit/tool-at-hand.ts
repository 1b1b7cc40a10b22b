import { spawnSync } from 'node:child_process';

/**
 * Whether these programs can be run here. When one is missing it says so in one line, so that the tests that need it
 * can be skipped; in CI it throws.
 */
export function atHand(what: string, ...programs: readonly string[]): boolean {
  const missing = programs.filter(
    (program) => spawnSync('sh', ['-c', 'command -v "$0"', program]).status !== 0,
  );
  if (missing.length === 0) return true;
  const said = `${what}: ${missing.join(' and ')} not installed`;
  if (process.env['CI']) throw new Error(said);
  process.stdout.write(`${said}, skipped\n`);
  return false;
}

/** Whether mounts and other users' identities may be made here; said, and demanded in CI, in the same way. */
export function isRoot(what: string): boolean {
  if (process.getuid?.() === 0) return true;
  if (process.env['CI']) throw new Error(`${what}: not run as root`);
  process.stdout.write(`${what}: not run as root, skipped\n`);
  return false;
}
