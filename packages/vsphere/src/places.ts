import { type Ref, retrieve, type Vim } from '@vmware/clients/vim';
import { Refusal } from '@vmware/policy';

/** SearchIndex.FindByInventoryPath: `/DC0/vm/web` or `DC0/vm/web`; undefined when there is nothing. */
export async function findByPath(
  vim: Vim,
  path: string,
  signal: AbortSignal,
): Promise<Ref | undefined> {
  const { searchIndex } = await vim.content({ signal });
  const inventoryPath = path.replace(/^\/+|\/+$/g, '');
  return vim.call<Ref | undefined>(
    'FindByInventoryPath',
    searchIndex,
    { inventoryPath },
    { signal },
  );
}

/** The cluster with this moid or name. Throws NOT_FOUND with the names there are, or AMBIGUOUS. */
export async function findCluster(vim: Vim, word: string, signal: AbortSignal): Promise<Ref> {
  const all: { ref: Ref; name: string }[] = [];
  const walk = retrieve(vim, { type: 'ClusterComputeResource', paths: ['name'], signal });
  for await (const { ref, props } of walk) all.push({ ref, name: String(props['name'] ?? '') });
  const found = all.filter(({ ref, name }) => ref.value === word || name === word);
  const [only] = found;
  if (only && found.length === 1) return only.ref;
  const candidates = (found.length > 1 ? found : all).map(({ ref, name }) => ({
    name,
    id: ref.value,
  }));
  throw found.length > 1
    ? new Refusal(
        'AMBIGUOUS',
        `${found.length} clusters are named ${word}.`,
        'Use the id of the one you mean.',
        { candidates },
      )
    : new Refusal(
        'NOT_FOUND',
        `There is no cluster ${word}; there are: ${all.map(({ name }) => name).join(', ') || 'none'}.`,
        'Use one of these names.',
        { candidates },
      );
}
