import type { Change } from '../api.js';
import type { KubeObject } from '../object.js';
import { checkQuotas } from '../quotas.js';
import { capi, vmOperator, type World } from '../world.js';
import { admitCluster } from './clusters.js';
import { admitVirtualMachine } from './virtual-machines.js';

/** What stands between a request and the store of a Supervisor: webhooks first, quotas last. Throws what they refuse. */
export function admit(world: World, change: Change): KubeObject {
  const { plural, group } = change.kind;
  const webhook =
    plural === 'clusters' && group === capi
      ? admitCluster
      : plural === 'virtualmachines' && group === vmOperator
        ? admitVirtualMachine
        : undefined;
  const after = webhook?.(world, change) ?? change.after;
  checkQuotas(world, { ...change, after });
  return after;
}
