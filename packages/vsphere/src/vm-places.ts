import { type Ref, retrieve, type Vim } from '@vmware/clients/vim';
import type { Places } from './vm-fields.js';

const nowhere: Places = { hostName: () => null, folderPath: () => null };

/** Reads what the asked-for fields need, in one walk of hosts and two of folders, whatever the number of VMs. */
export async function readPlaces(
  vim: Vim,
  needs: ReadonlySet<'hosts' | 'folders'>,
  signal: AbortSignal,
): Promise<Places> {
  const [hosts, folders] = await Promise.all([
    needs.has('hosts') ? hostNames(vim, signal) : undefined,
    needs.has('folders') ? folderPaths(vim, signal) : undefined,
  ]);
  return {
    hostName: hosts ? (id) => hosts.get(id) ?? null : nowhere.hostName,
    folderPath: folders ?? nowhere.folderPath,
  };
}

async function hostNames(vim: Vim, signal: AbortSignal): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for await (const { ref, props } of retrieve(vim, { type: 'HostSystem', paths: ['name'], signal }))
    names.set(ref.value, String(props['name'] ?? ref.value));
  return names;
}

async function folderPaths(vim: Vim, signal: AbortSignal): Promise<Places['folderPath']> {
  const nodes = new Map<string, { name: string; parent: string | undefined }>();
  for (const type of ['Folder', 'Datacenter'])
    for await (const { ref, props } of retrieve(vim, { type, paths: ['name', 'parent'], signal }))
      nodes.set(ref.value, {
        name: String(props['name'] ?? ref.value),
        parent: (props['parent'] as Ref | undefined)?.value,
      });
  const known = new Map<string, string | null>();
  const pathOf = (id: string): string | null => {
    const cached = known.get(id);
    if (cached !== undefined) return cached;
    const node = nodes.get(id);
    const above = node?.parent === undefined ? '' : (pathOf(node.parent) ?? '');
    const path = node ? `${above}/${node.name}` : null;
    known.set(id, path);
    return path;
  };
  return pathOf;
}
