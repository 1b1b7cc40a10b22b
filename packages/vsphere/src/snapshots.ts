import { properties, type Ref, type Vim } from '@vmware/clients/vim';
import { Refusal } from '@vmware/policy';
import type { VmFacts } from './vm-facts.js';

/** vim.vm.SnapshotInfo, as far as it is used. */
export interface SnapshotTree {
  readonly currentSnapshot?: Ref;
  readonly rootSnapshotList?: readonly Node[];
}

interface Node {
  readonly snapshot: Ref;
  readonly name: string;
  readonly description?: string;
  readonly id: number;
  readonly createTime: string;
  readonly state: string;
  readonly quiesced: boolean;
  readonly childSnapshotList?: readonly Node[];
}

/** One snapshot with its place in the tree: `before-upgrade/after-upgrade`. */
export interface Snapshot {
  readonly ref: Ref;
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly description: string;
  readonly created: string;
  /** Power state of the VM when it was taken. */
  readonly state: string;
  readonly quiesced: boolean;
  readonly is_current: boolean;
  /** Snapshots below it. */
  readonly below: number;
}

/** Every snapshot of a tree, parents before children. */
export function snapshotsIn(tree: SnapshotTree | undefined): Snapshot[] {
  const current = tree?.currentSnapshot?.value;
  const walk = (nodes: readonly Node[], above: string): Snapshot[] =>
    nodes.flatMap((node) => {
      const path = above === '' ? node.name : `${above}/${node.name}`;
      const below = walk(node.childSnapshotList ?? [], path);
      return [
        {
          ref: node.snapshot,
          id: node.snapshot.value,
          name: node.name,
          path,
          description: node.description ?? '',
          created: node.createTime,
          state: node.state,
          quiesced: node.quiesced,
          is_current: node.snapshot.value === current,
          below: below.length,
        },
        ...below,
      ];
    });
  return walk(tree?.rootSnapshotList ?? [], '');
}

export async function snapshotsOf(vim: Vim, vm: Ref, signal: AbortSignal): Promise<Snapshot[]> {
  const { props } = await properties(vim, vm, ['snapshot'], { signal });
  return snapshotsIn(props['snapshot'] as SnapshotTree | undefined);
}

/** The snapshot of a VM that has this name, path or id. Throws NOT_FOUND, or AMBIGUOUS with the candidates. */
export function pickSnapshot(all: readonly Snapshot[], word: string, vm: VmFacts): Snapshot {
  const found = all.filter(({ id, name, path }) => id === word || name === word || path === word);
  const [only] = found;
  if (only && found.length === 1) return only;
  if (found.length > 1)
    throw new Refusal(
      'AMBIGUOUS',
      `${vm.name} has ${found.length} snapshots named "${word}".`,
      'Use the path or the id of the one you mean.',
      { candidates: found.map(({ path, id, created }) => ({ path, id, created })) },
    );
  throw new Refusal(
    'NOT_FOUND',
    `${vm.name} has no snapshot "${word}".`,
    `Run \`vmware-vsphere snapshot list ${vm.id}\` to see its snapshots.`,
    { candidates: all.slice(0, 10).map(({ path, id }) => ({ path, id })) },
  );
}
