import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/** Words before a command, with which it runs within a fault. They keep its process id and its open channels. */
export type Shell = readonly string[];

const ownMounts: Shell = ['unshare', '--mount', 'sh', '-c'];

/** With a folder on a disk of so many KiB that is there for this command alone. Needs root. */
export const smallDisk = (dir: string, kibibytes: number): Shell => [
  ...ownMounts,
  `mount -t tmpfs -o size=${kibibytes}k,mode=700 tmpfs "$0" && exec "$@"`,
  dir,
];

/** With a folder that cannot be written until `writableAgain`, not even by root. Needs root. */
export const readOnly = (dir: string): Shell => [
  ...ownMounts,
  'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"',
  dir,
];

export const writableAgain = (pid: number, dir: string): void =>
  run('nsenter', '-t', `${pid}`, '-m', 'mount', '-o', 'remount,rw,bind', dir);

/** A path as the process sees it, in its own mounts. */
export const asSeenBy = (pid: number, path: string): string => `/proc/${pid}/root${path}`;

/** Files end after so many bytes for this process, as with `ulimit -f`; undefined: they do not. */
export const limitFiles = (pid: number, bytes: number | undefined): void =>
  run('prlimit', '--pid', `${pid}`, `--fsize=${bytes ?? 'unlimited'}:`);

/** Under libfiu, whose points of failure `failCalls` switches; `control` is a path that no file has. */
export const failing = (control: string): Shell => ['fiu-run', '-x', '-f', control];

/** Makes calls of the C library fail, by libfiu's names: `posix/io/sync/*`, `posix/io/rw/pwrite`. */
export const failCalls = (pid: number, control: string, name: string, fail: boolean): void =>
  run('fiu-ctrl', '-f', control, '-c', `${fail ? 'enable' : 'disable'} name=${name}`, `${pid}`);

/** With a clock that is moved by `moveClock`. Monotonic time and the times of files stay true. */
export const otherTime = (file: string): Shell => {
  moveClock(file, '+0');
  const library = execFileSync('faketime', ['-f', '+0', 'printenv', 'LD_PRELOAD'], {
    encoding: 'utf8',
  }).trim();
  return [
    'env',
    `LD_PRELOAD=${library}`,
    `FAKETIME_TIMESTAMP_FILE=${file}`,
    'FAKETIME_NO_CACHE=1',
    'FAKETIME_DONT_FAKE_MONOTONIC=1',
    'NO_FAKE_STAT=1',
  ];
};

/** Moves the clock of what runs in `otherTime`, from the true time: `-6y`, `+0`, `+90s`. It takes effect at once. */
export const moveClock = (file: string, by: string): void => writeFileSync(file, by);

/** The user that owns nothing. Root passes every permission check; this one does not. */
export const nobody = { uid: 65_534, gid: 65_534 } as const;

/** As that user. Needs root. */
export const asNobody: Shell = [
  'setpriv',
  '--reuid',
  `${nobody.uid}`,
  '--regid',
  `${nobody.gid}`,
  '--clear-groups',
];

const run = (program: string, ...args: readonly string[]): void =>
  void execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
