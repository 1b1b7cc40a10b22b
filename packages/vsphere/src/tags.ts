import type { VsphereClients } from './define.js';

/** Ids of the VMs that carry a tag. Throws NOT_FOUND or AMBIGUOUS for the tag's name. */
export async function taggedVms(
  open: VsphereClients['rest'],
  word: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { findTag, taggedObjects } = await import('@vmware/clients/rest');
  const rest = await open(signal);
  const tag = await findTag(rest, word, { signal });
  const objects = await taggedObjects(rest, tag.id, { signal });
  return new Set(objects.flatMap(({ type, id }) => (type === 'VirtualMachine' ? [id] : [])));
}
