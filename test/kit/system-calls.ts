import { readFileSync } from 'node:fs';
import type { Shell } from './fault-shell.js';

/** One system call of a traced program. */
export interface SystemCall {
  readonly name: string;
  /** The file or socket of its first argument, as a path. */
  readonly file: string;
  /** Its arguments as strace writes them; strings as far as 4,200 bytes. */
  readonly text: string;
  /** Milliseconds since 1970 when it began and when it returned. */
  readonly began: number;
  readonly ended: number;
  readonly result: number;
}

/** Words that have a command's calls of these names written to a file, those of its threads and children too. */
export const tracing = (file: string, names: readonly string[]): Shell => [
  'strace',
  // The command keeps its parent; strace is its grandchild.
  '-D',
  '-f',
  '--seccomp-bpf',
  '-ttt',
  '-T',
  '-y',
  '-s',
  '4200',
  '-e',
  `trace=${names.join(',')}`,
  '-e',
  'signal=none',
  '-o',
  file,
];

const whole = /^(\d+) +([\d.]+) (\w+)\((.*)\) += (-?\d+).*<([\d.]+)>$/;
const begun = /^(\d+) +([\d.]+) (\w+)\((.*?) *<unfinished \.\.\.>$/;
const resumed = /^(\d+) +[\d.]+ <\.\.\. \w+ resumed>(.*)\) += (-?\d+).*<([\d.]+)>$/;

/** The calls that strace wrote, by the time at which they began. */
export function systemCalls(file: string): SystemCall[] {
  const open = new Map<string, { name: string; at: string; text: string }>();
  const calls: SystemCall[] = [];
  const add = (name: string, at: string, text: string, result: string, took: string) => {
    const began = Number(at) * 1000;
    calls.push({
      name,
      file: /^\d+<([^>]*)>/.exec(text)?.[1] ?? '',
      text,
      began,
      ended: began + Number(took) * 1000,
      result: Number(result),
    });
  };
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    const one = whole.exec(line);
    if (one) {
      const [, , at = '', name = '', text = '', result = '', took = ''] = one;
      add(name, at, text, result, took);
      continue;
    }
    const start = begun.exec(line);
    if (start) {
      const [, pid = '', at = '', name = '', text = ''] = start;
      open.set(pid, { name, at, text });
      continue;
    }
    const end = resumed.exec(line);
    const [, pid = '', rest = '', result = '', took = ''] = end ?? [];
    const first = open.get(pid);
    if (end && first) add(first.name, first.at, `${first.text}${rest}`, result, took);
    open.delete(pid);
  }
  return calls.sort((a, b) => a.began - b.began);
}
