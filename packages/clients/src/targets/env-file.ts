import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { Environment } from './environment.js';
import { TargetError } from './errors.js';

const limit = 64 * 1024;

/**
 * Reads a `.env` that holds secrets. Absent: empty. Refuses (ENV_FILE_EXPOSED) a symlink, anything
 * but a regular file, a foreign owner, any group or other bit, and more than 64 KiB. The checks look
 * at the open file, so it cannot be swapped after them. Never writes.
 */
export function readEnvFile(path: string): Environment {
  const fd = open(path);
  if (fd === undefined) return {};
  try {
    const stat = fstatSync(fd);
    const { uid, mode, size } = stat;
    if (!stat.isFile()) throw exposed(path, 'is not a regular file');
    const me = process.getuid?.();
    if (me !== undefined && uid !== me)
      throw exposed(path, `belongs to user id ${uid}, not to you`);
    if (me !== undefined && mode & 0o077)
      throw exposed(path, `can be read or written by others (mode ${(mode & 0o777).toString(8)})`);
    if (size > limit) throw exposed(path, 'is larger than 64 KiB');
    return parseEnv(readFileSync(fd, 'utf8')) as Environment;
  } finally {
    closeSync(fd);
  }
}

function open(path: string): number | undefined {
  try {
    // O_NONBLOCK: a FIFO in its place must not make us wait for a writer.
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw exposed(path, code === 'ELOOP' ? 'is a symbolic link' : `cannot be opened (${code})`);
  }
}

const exposed = (path: string, why: string) =>
  new TargetError(
    'ENV_FILE_EXPOSED',
    `${path} ${why}; it is not used`,
    `Make it a regular file of your own and run: chmod 600 ${path}`,
  );
