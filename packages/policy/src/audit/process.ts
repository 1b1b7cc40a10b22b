import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
};

/** This boot of this machine. Elsewhere than Linux: the minute it came up. */
export const boot: string =
  read('/proc/sys/kernel/random/boot_id') ??
  `up-${Math.round((Date.now() / 1000 - uptime()) / 60)}`;

/** A process, told apart from a later one with the same number by the tick it started at. */
export const startOf = (pid: number): string =>
  read(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')[19] ?? '';

export const owner = `${boot}/${process.pid}/${startOf(process.pid)}`;

/** Whether the process that wrote a pending intent may still finish it. */
export function isAlive(writer: string): boolean {
  const [itsBoot = '', pid = '', start = ''] = writer.split('/');
  if (itsBoot !== boot) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return start === '' || startOf(Number(pid)) === start;
}
