import type { Supervisor, WcpWorld } from './world.js';

/** Of one cluster: MHz, MiB and MiB. */
const capacity = { cpu: 268_800, memory: 1_048_576, storage: 20_971_520 };

/** What the clusters of a Supervisor have, and what its namespaces use of it. CPU in MHz, memory and storage in MiB. */
export function statsOf({ namespaces }: WcpWorld, { id, clusters }: Supervisor) {
  const used = { cpu_used: 0, memory_used: 0, storage_used: 0 };
  for (const { supervisor, stats } of namespaces.values()) {
    if (supervisor !== id) continue;
    used.cpu_used += stats.cpu_used;
    used.memory_used += stats.memory_used;
    used.storage_used += stats.storage_used;
  }
  return {
    ...used,
    cpu_capacity: capacity.cpu * clusters.length,
    memory_capacity: capacity.memory * clusters.length,
    storage_capacity: capacity.storage * clusters.length,
  };
}
