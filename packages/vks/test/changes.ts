import type { Tool } from '@vmware/policy';
import type { VksClients } from '../src/define.js';
import { vks } from '../src/toolset.js';
import type { Lab } from './lab.js';
import { usableVersions } from './versions.js';

export type AnyTool = Tool<VksClients>;
export type Input = Readonly<Record<string, unknown>>;

/** An input for every changing tool, on objects of the seed `lab` that allow the change; no two touch the same one. */
export const inputs: Readonly<Record<string, Input | ((at: Lab) => Promise<Input>)>> = {
  create_namespace: {
    name: 'team-a',
    cluster_id: 'supervisor-a',
    storage_policy: 'gold',
    storage_limit_mib: 102_400,
    memory_limit_mib: 65_536,
    vm_classes: ['best-effort-medium'],
    content_libraries: ['kubernetes-releases'],
    editors: ['group:developers@corp.local'],
  },
  update_namespace: {
    name: 'prod',
    memory_limit_mib: 600_000,
    add_vm_classes: ['best-effort-large'],
  },
  delete_namespace: async (at) => {
    await emptyNamespace(at, 'retired');
    return { name: 'retired' };
  },
  grant_namespace_access: { name: 'edge', subject: 'operator@vsphere.local', role: 'EDIT' },
  revoke_namespace_access: { name: 'edge', subject: 'developer@vsphere.local' },
  create_tkc_cluster: async (at) => ({
    name: 'new',
    namespace: 'dev',
    k8s_version: (await usableVersions(at)).at(-1),
    vm_class: 'best-effort-medium',
    storage_class: 'gold',
    worker_count: 2,
  }),
  scale_tkc_cluster: { name: 'web', namespace: 'dev', pool_name: 'workers', worker_count: 4 },
  upgrade_tkc_cluster: async (at) => {
    const { name, namespace, to } = await upgradable(at);
    return { name, namespace, k8s_version: to };
  },
  delete_tkc_cluster: async (at) => {
    await at.sim.supervisors[0]?.addCluster({
      namespace: 'dev',
      name: 'idle',
      version: (await usableVersions(at))[0] ?? '',
      pools: [{ name: 'workers', replicas: 1 }],
    });
    return { name: 'idle', namespace: 'dev' };
  },
  add_node_pool: { cluster: 'web', pool_name: 'extra', namespace: 'dev', min: 1, max: 3 },
  remove_node_pool: { cluster: 'web', pool_name: 'batch', namespace: 'dev' },
};

/** Every tool that changes something on a server: kubeconfigs are handed over, and change nothing. */
export const changing: readonly AnyTool[] = Object.values(vks.groups)
  .flat()
  .filter((tool) => tool.effect !== 'read' && !tool.cliOnly && !tool.name.endsWith('_kubeconfig'));

/** The input of the table for this lab, which is made ready for it. */
export async function inputFor({ name }: AnyTool, at: Lab): Promise<never> {
  const input = inputs[name];
  if (!input) throw new Error(`changes.ts has no input for ${name}`);
  return (typeof input === 'function' ? await input(at) : input) as never;
}

/** A namespace with nothing in it, which has long been there. */
export async function emptyNamespace({ sim, advance }: Lab, name: string): Promise<void> {
  const { world } = sim;
  if (world.namespaces.has(name)) return;
  const like = world.namespaces.get('edge');
  if (!like) throw new Error('The lab has no namespace edge');
  const made = {
    ...like,
    name,
    accessList: [],
    stats: { cpu_used: 0, memory_used: 0, storage_used: 0 },
  };
  world.namespaces.set(name, made);
  world.emit('namespace', made);
  await advance(10);
}

/** A cluster of the lab that is a minor version behind a release, and that release. */
export async function upgradable(
  at: Lab,
): Promise<{ name: string; namespace: string; to: string }> {
  const versions = await usableVersions(at);
  const from = versions.at(-3) ?? '';
  const to = versions.find((one) => minorOf(one) === minorOf(from) + 1) ?? '';
  const [supervisor] = at.sim.supervisors;
  await supervisor?.addCluster({
    namespace: 'dev',
    name: 'older',
    version: from,
    pools: [{ name: 'workers', replicas: 2 }],
  });
  return { name: 'older', namespace: 'dev', to };
}

const minorOf = (version: string): number => Number(/^v1\.(\d+)/.exec(version)?.[1]);
