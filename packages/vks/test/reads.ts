import { vks } from '../src/toolset.js';
import type { AnyTool, Input } from './changes.js';

/** Every tool that changes nothing. */
export const reading: readonly AnyTool[] = Object.values(vks.groups)
  .flat()
  .filter((tool) => tool.effect === 'read' && !tool.cliOnly);

/** An input for every reading tool, on objects of the seed `lab`. */
export function readInputs(): Readonly<Record<string, Input>> {
  const web = { name: 'web', namespace: 'dev' };
  const namespace = { namespace: 'dev' };
  return {
    check_vks_compatibility: {},
    get_supervisor_status: { cluster_id: 'supervisor-a' },
    list_supervisor_storage_policies: {},
    list_supervisor_services: {},
    get_harbor_info: {},
    list_namespaces: {},
    get_namespace: { name: 'dev' },
    get_namespace_usage: { name: 'dev' },
    list_vm_classes: {},
    list_tkc_clusters: {},
    get_tkc_cluster: web,
    get_cluster_health: web,
    get_tkc_available_versions: namespace,
    list_cluster_classes: namespace,
    plan_tkc_upgrade: web,
    wait_tkc_cluster: web,
    list_node_pools: { cluster: 'web', ...namespace },
    list_namespace_storage_usage: namespace,
    list_vm_snapshots: namespace,
    list_vm_groups: namespace,
    list_vm_network_interfaces: { vm_name: 'bastion', ...namespace },
  };
}
