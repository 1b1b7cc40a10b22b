import { type BigIntStats, constants, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { RulesUnavailable } from './problem.js';

const maxBytes = 256 * 1024;

/** Changes whenever the file was replaced or written, whatever its times claim: nobody can set ctime. */
export type Stamp = string;

const stamp = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): Stamp =>
  [dev, ino, size, mtimeNs, ctimeNs].join(':');

export interface ReadFile {
  readonly bytes: Buffer;
  readonly stamp: Stamp;
  /** Milliseconds since the epoch of the last change. */
  readonly changedAt: number;
}

/**
 * Stamp of the file as it is now, or undefined when there is none. Throws RulesUnavailable. Every call asks up
 * to three times, and a trip through the thread pool costs more than all its other work.
 */
export function stampOf(path: string): Stamp | undefined {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found && stamp(found);
  } catch (error) {
    return absentOr(path, error);
  }
}

/**
 * Reads a rules file, or undefined when there is none. What is checked is the opened file: regular, ours or
 * root's, writable by nobody else, at most 256 KiB, and the same before and after reading.
 * Throws RulesUnavailable.
 */
export async function readRulesFile(path: string): Promise<ReadFile | undefined> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const read = await readOnce(path);
    if (read !== 'changed') return read;
  }
  throw broken(path, 'changes while it is read', `Write ${path} once and move it into place.`);
}

async function readOnce(path: string): Promise<ReadFile | undefined | 'changed'> {
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const before = await file.stat({ bigint: true });
    check(path, before);
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (bytesRead === 0 || length > maxBytes) break;
    }
    if (length > maxBytes) throw tooBig(path);
    const after = await file.stat({ bigint: true });
    if (!isSame(before, after)) return 'changed';
    const changedAt = Math.max(Number(after.mtimeMs), Number(after.ctimeMs));
    return { bytes: buffer.subarray(0, length), stamp: stamp(after), changedAt };
  } catch (error) {
    return absentOr(path, error);
  }
}

/** Being replaced by another file touches ctime, yet what was read is whole. */
const isSame = (before: BigIntStats, after: BigIntStats): boolean =>
  after.nlink === 0n
    ? before.size === after.size && before.mtimeNs === after.mtimeNs
    : stamp(before) === stamp(after);

function check(path: string, facts: BigIntStats): void {
  const again = `Move ${path} away and run \`vmware-audit rules show --baseline > ${path}\`.`;
  if (!facts.isFile()) throw broken(path, 'is not a regular file', again);
  const me = process.getuid?.();
  if (me !== undefined) {
    const owner = Number(facts.uid);
    if (owner !== me && owner !== 0) throw broken(path, 'belongs to another user', again);
    if ((facts.mode & 0o022n) !== 0n)
      throw broken(path, 'can be written by other users', `Run \`chmod go-w ${path}\`.`);
  }
  if (facts.size > BigInt(maxBytes)) throw tooBig(path);
}

const broken = (path: string, message: string, remedy: string) =>
  new RulesUnavailable(basename(path), [{ message }], remedy);

const tooBig = (path: string) =>
  broken(path, 'is larger than 256 KiB', `Shorten ${path} and run \`vmware-audit rules lint\`.`);

function absentOr(path: string, error: unknown): undefined {
  if (error instanceof RulesUnavailable) throw error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT') return undefined;
  throw broken(path, `cannot be read (${code})`, `Run \`ls -l ${path}\` and make it readable.`);
}
