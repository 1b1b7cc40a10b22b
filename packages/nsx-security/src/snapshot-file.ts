import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import type { Snapshot } from './dfw/snapshot.js';

/** A snapshot of a large estate is some tens of megabytes. */
const largest = 512 * 1024 * 1024;

const object = z.looseObject({ id: z.string(), path: z.string().startsWith('/') });
const listOf = (item: z.ZodType) => z.array(item);
const orNull = (schema: z.ZodType) => schema.nullable();

/** As much of the format as the analyses stand on. Objects keep every field they have. */
const shape = z.looseObject({
  format: z.literal('vmware-nsx-security/snapshot'),
  version: z.literal(1),
  taken_at: z.string(),
  manager: z.looseObject({ name: z.string(), host: z.string() }),
  nsx_scope: z.string(),
  firewall: orNull(z.looseObject({})),
  exclude_list: orNull(z.looseObject({ members: listOf(z.string()) })),
  policies: listOf(object.extend({ rules: listOf(object.extend({ action: z.string() })) })),
  groups: listOf(object),
  services: listOf(object),
  context_profiles: listOf(object),
  virtual_machines: orNull(
    listOf(z.looseObject({ external_id: z.string(), display_name: z.string() })),
  ),
  vifs: orNull(listOf(z.looseObject({ external_id: z.string(), owner_vm_id: z.string() }))),
  segments: orNull(listOf(object)),
  segment_ports: orNull(listOf(object)),
});

/** Where a snapshot of this name is: a path as it is, a bare name in the folder of snapshots. */
export function snapshotPath(directory: string, name: string): string {
  const file = name.endsWith('.json') ? name : `${name}.json`;
  if (isAbsolute(file) || /[/\\]/.test(file)) return resolve(file);
  return join(directory, 'snapshots', file);
}

/** Reads and checks a snapshot. Throws NOT_FOUND, or INVALID_INPUT naming what is wrong without quoting it. */
export function readSnapshot(directory: string, name: string): Snapshot {
  const path = findSnapshot(directory, name);
  let value: unknown;
  try {
    if (statSync(path).size > largest) throw wrong(path, 'it is larger than 512 MB');
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw wrong(path, error instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read');
  }
  const checked = shape.safeParse(value);
  if (checked.success) return value as Snapshot;
  const [issue] = checked.error.issues;
  throw wrong(path, `${issue?.path.join('.') || 'it'}: ${issue?.code ?? 'not as it should be'}`);
}

/** A bare name is looked for among our snapshots, then in the current directory. */
function findSnapshot(directory: string, name: string): string {
  const places = [snapshotPath(directory, name), resolve(name)];
  const found = places.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  if (found) return found;
  throw new Refusal(
    'NOT_FOUND',
    `There is no snapshot ${name}: looked for ${[...new Set(places)].join(' and ')}.`,
    'Run `vmware-nsx-security snapshot take` to make one.',
  );
}

/**
 * Writes a new file (0600) and returns its text. Throws CONFLICT when there is one already: a snapshot is never
 * overwritten.
 */
export function writeSnapshot(path: string, snapshot: Snapshot): string {
  const text = `${JSON.stringify(snapshot, null, 1)}\n`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    return text;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new Refusal('CONFLICT', `${path} exists already.`, 'Choose another file name.');
    throw new Refusal(
      'INVALID_INPUT',
      `${path} cannot be written (${code ?? 'error'}).`,
      'Choose a file in a folder that you can write to.',
    );
  }
}

const wrong = (path: string, why: string) =>
  new Refusal(
    'INVALID_INPUT',
    `${path} is not a snapshot: ${why}.`,
    'Use a file that `vmware-nsx-security snapshot take` wrote.',
  );
