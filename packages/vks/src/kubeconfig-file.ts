import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Refusal } from '@vmware/policy';

/** Where a path that somebody typed leads: `~` is the home, a relative one starts here. */
export const pathOf = (typed: string): string => resolve(typed.replace(/^~(?=\/|$)/, homedir()));

/** Why nothing can be written there; undefined when it can. Nothing is touched. */
export async function againstFile(path: string, overwrite: boolean): Promise<string | undefined> {
  const folder = await lstat(dirname(path)).catch(() => undefined);
  if (!folder?.isDirectory() && !folder?.isSymbolicLink())
    return `There is no folder ${dirname(path)}.`;
  const there = await lstat(path).catch(() => undefined);
  if (!there) return undefined;
  if (there.isSymbolicLink())
    return `${path} is a symbolic link: a credential is not written through one.`;
  if (!there.isFile()) return `${path} is not a file.`;
  return overwrite
    ? undefined
    : `${path} is there already; it is not overwritten unless overwrite says so.`;
}

/**
 * Writes a credential into a file of its own, 0600, whole or not at all. Without `overwrite` nothing that is there is
 * replaced, whoever was quicker. Throws BLOCKED.
 */
export async function writeCredential(
  path: string,
  text: string,
  overwrite: boolean,
): Promise<void> {
  const wrong = await againstFile(path, overwrite);
  if (wrong !== undefined) throw blocked(wrong);
  const draft = join(dirname(path), `.${randomUUID()}`);
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
  const file = await open(draft, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600).catch(
    (error: Error) => {
      throw blocked(`Nothing can be written in ${dirname(path)}: ${error.message}.`);
    },
  );
  try {
    await file.writeFile(text);
    await file.sync();
    await file.close();
    // A link fails where a rename would replace: between the look and the write somebody may have been there.
    if (overwrite) await rename(draft, path);
    else await link(draft, path);
  } catch (error) {
    throw blocked(`${path} cannot be written: ${(error as Error).message}.`);
  } finally {
    await file.close().catch(() => undefined);
    await unlink(draft).catch(() => undefined);
  }
}

const blocked = (message: string): Refusal =>
  new Refusal(
    'BLOCKED',
    message,
    'Give output_path a path that is free, in a folder that is there.',
  );
