import type { Inverse } from '@vmware/policy';
import type { ClusterView, Pool } from '../cluster-view.js';
import type { WantedPool } from '../wanted-pool.js';

type Fields = Readonly<Record<string, unknown>>;

const sizeOf = ({ replicas, autoscale }: Pick<Pool, 'replicas' | 'autoscale'>) => ({
  replicas: replicas ?? null,
  autoscale: autoscale ?? null,
});

/** An inverse on a cluster, while it is the same one and has a pool like this. */
const onPool = (
  { name, namespace, createdAt }: ClusterView,
  tool: string,
  input: Fields,
  pool: Fields,
): Inverse => ({
  tool,
  input: { namespace, ...input },
  expects: {
    tool: 'get_tkc_cluster',
    input: { name, namespace },
    state: { created_at: createdAt, pools: [pool] },
  },
});

/** The number of machines that a pool had, or the bounds. Undefined where it had neither. */
export function backToSize(
  cluster: ClusterView,
  { name: pool_name, replicas, autoscale }: Pool,
  now: Pick<Pool, 'replicas' | 'autoscale'>,
): Inverse | undefined {
  const size = autoscale ?? (replicas === undefined ? undefined : { worker_count: replicas });
  return (
    size &&
    onPool(
      cluster,
      'scale_tkc_cluster',
      { name: cluster.name, pool_name, ...size },
      { name: pool_name, ...sizeOf(now) },
    )
  );
}

/** Without a pool that was added. */
export const withoutPool = (
  cluster: ClusterView,
  { name, replicas, autoscale }: WantedPool,
  made: { readonly class: string; readonly vm_class: string },
): Inverse =>
  onPool(
    cluster,
    'remove_node_pool',
    { cluster: cluster.name, pool_name: name },
    { name, ...sizeOf({ replicas, autoscale }), ...made },
  );

/** Without a cluster that was made, while its pools are as they were made and nothing runs in it, as the delete sees to. */
export function withoutCluster(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  made: {
    readonly className: string;
    readonly controlPlaneReplicas: number;
    readonly pools: readonly WantedPool[];
  },
): Inverse {
  const pools = made.pools.map(({ name, replicas, autoscale }) => ({
    name,
    ...sizeOf({ replicas, autoscale }),
  }));
  const input = { name, namespace };
  return {
    tool: 'delete_tkc_cluster',
    input,
    expects: {
      tool: 'get_tkc_cluster',
      input,
      state: {
        cluster_class: made.className,
        control_plane_replicas: made.controlPlaneReplicas,
        pools: { $only: pools },
      },
    },
  };
}
