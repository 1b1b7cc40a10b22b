// How things are measured: variants in random order round after round, medians, and ratios of the same run. A busy
// machine slows every variant alike; milliseconds on it mean nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

/** Node 20 reads this file at every start, which doubles the baseline and hides what we cost. */
export function cleanEnv(extra = {}) {
  const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...env } = process.env;
  return { ...env, ...extra };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function shuffled(items) {
  const left = [...items];
  for (let i = left.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [left[i], left[j]] = [left[j], left[i]];
  }
  return left;
}

/** Runs every variant `rounds` times, interleaved, after `warmUp` rounds that do not count. Resolves to medians by name. */
export async function interleaved(rounds, variants, warmUp = 1) {
  const names = Object.keys(variants);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round++)
    for (const name of shuffled(names)) {
      const sample = await variants[name]();
      if (round >= 0) samples[name].push(sample);
    }
  return Object.fromEntries(names.map((name) => [name, median(samples[name])]));
}

/**
 * Runs a program to its end. Resolves to its CPU (user and system, every thread, from wait4 as bash tells it) and
 * wall time in milliseconds. `stdout` is a file descriptor. Throws with what it said when it does not exit with 0.
 */
export async function runProgram(command, args, { env = cleanEnv(), stdout = 'ignore' } = {}) {
  const timed = 'TIMEFORMAT="%3U %3S %3R"; time "$@" 2>&3';
  const child = spawn('bash', ['-c', timed, 'bash', command, ...args], {
    env: { ...env, LC_ALL: 'C' },
    stdio: ['ignore', stdout, 'pipe', 'pipe'],
  });
  const texts = child.stdio.slice(2).map((stream) => text(stream));
  const [code] = await once(child, 'close');
  const [times, said] = await Promise.all(texts);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${code}: ${said}`);
  const [user, system, wall] = times
    .trim()
    .split(' ')
    .map((seconds) => Number(seconds) * 1000);
  return { cpu: user + system, wall };
}

/** CPU that a running process has used so far, all threads, in milliseconds. Linux only. */
export function cpuOf(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const spent = threads.map((id) =>
    Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]),
  );
  return spent.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e6;
}
