import { ApiError } from '../http/errors.js';
import { nearest } from '../nearest.js';
import type { CallOptions, Vim } from './client.js';
import { inventoryPaths, readableName } from './inventory-path.js';
import { properties, retrieve } from './property-collector.js';
import type { Ref } from './types.js';

export interface FoundVm {
  readonly ref: Ref;
  readonly name: string;
}

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * The one virtual machine that `word` means: a managed object id (`vm-12`), an inventory path
 * (`/DC/vm/web/web-01`, or its end `web/web-01`), an instance or BIOS UUID, or an exact name.
 * Throws NOT_FOUND with up to five near names, or AMBIGUOUS with the path and id of every candidate.
 */
export async function findVm(vim: Vim, word: string, options: CallOptions = {}): Promise<FoundVm> {
  if (/^vm-\d+$/.test(word)) {
    const found = await byId(vim, word, options);
    if (found) return found;
  }
  if (uuid.test(word)) {
    const found = await byUuid(vim, word, options);
    if (found) return found;
  }
  if (word.startsWith('/')) {
    const { searchIndex } = await vim.content(options);
    const path = { inventoryPath: word.replace(/^\/+|\/+$/g, '') };
    const ref = await vim.call<Ref | undefined>('FindByInventoryPath', searchIndex, path, options);
    if (ref?.type === 'VirtualMachine') return named(vim, ref, options);
  }
  return byName(vim, word, options);
}

async function byId(vim: Vim, id: string, options: CallOptions): Promise<FoundVm | undefined> {
  try {
    return await named(vim, { type: 'VirtualMachine', value: id }, options);
  } catch (error) {
    if (error instanceof ApiError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

async function byUuid(vim: Vim, id: string, options: CallOptions): Promise<FoundVm | undefined> {
  const { searchIndex } = await vim.content(options);
  for (const instanceUuid of [true, false]) {
    const args = { uuid: id.toLowerCase(), vmSearch: true, instanceUuid };
    const ref = await vim.call<Ref | undefined>('FindByUuid', searchIndex, args, options);
    if (ref) return named(vim, ref, options);
  }
  return undefined;
}

async function named(vim: Vim, ref: Ref, options: CallOptions): Promise<FoundVm> {
  const { props } = await properties(vim, ref, ['name'], options);
  return { ref, name: readableName(String(props['name'] ?? '')) };
}

/** One walk over all names; paths are only asked for where a name is not enough. */
async function byName(vim: Vim, word: string, options: CallOptions): Promise<FoundVm> {
  const wanted = word.slice(word.lastIndexOf('/') + 1);
  const known = new Set<string>();
  let candidates: FoundVm[] = [];
  for await (const { ref, props } of retrieve(vim, {
    type: 'VirtualMachine',
    paths: ['name'],
    ...options,
  })) {
    const raw = String(props['name'] ?? '');
    const name = readableName(raw);
    known.add(name);
    if (name === word || raw === word || name === wanted || raw === wanted)
      candidates.push({ ref, name });
  }
  let paths: ReadonlyMap<string, string> = new Map();
  if (candidates.length > 1 || wanted !== word)
    paths = await inventoryPaths(
      vim,
      candidates.map(({ ref }) => ref),
      options,
    );
  if (wanted !== word)
    candidates = candidates.filter(
      ({ ref, name }) =>
        name === word ||
        `${paths.get(ref.value)}`.endsWith(word.startsWith('/') ? word : `/${word}`),
    );
  const [only, ...others] = candidates;
  if (!only) throw notFound(word, nearest(wanted, known));
  if (others.length) throw ambiguous(word, candidates, paths);
  return only;
}

function notFound(word: string, near: readonly string[]): ApiError {
  return new ApiError('NOT_FOUND', `There is no virtual machine ${word}`, {
    remedy: near.length
      ? `Use one of the near names: ${near.join(', ')}.`
      : 'List the virtual machines and use a name, path or id from there.',
    details: { nearest: near },
  });
}

function ambiguous(
  word: string,
  candidates: readonly FoundVm[],
  paths: ReadonlyMap<string, string>,
): ApiError {
  const listed = candidates.map(({ ref }) => ({ path: paths.get(ref.value) ?? '', id: ref.value }));
  const said = listed.slice(0, 10).map(({ path, id }) => `${path} (${id})`);
  const more = listed.length > 10 ? ` and ${listed.length - 10} more` : '';
  return new ApiError(
    'AMBIGUOUS',
    `${candidates.length} virtual machines are called ${word}: ${said.join(', ')}${more}`,
    { remedy: 'Use the path or the id of the one you mean.', details: { candidates: listed } },
  );
}
