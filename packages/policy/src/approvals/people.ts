import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';

const known = new Map<number, string>();

/** The login name of a user id, as the system knows it; `uid 1234` for one it does not. */
export function nameOf(uid: number): string {
  const found = known.get(uid);
  if (found !== undefined) return found;
  const name = uid === process.getuid?.() ? userInfo().username : lookUp(uid);
  known.set(uid, name);
  return name;
}

function lookUp(uid: number): string {
  try {
    const said = execFileSync('id', ['-nu', String(uid)], {
      encoding: 'utf8',
      timeout: 5_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return said.trim() || `uid ${uid}`;
  } catch {
    return `uid ${uid}`;
  }
}
