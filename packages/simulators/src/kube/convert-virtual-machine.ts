import type { Conversion } from './conversions.js';
import { type Json, listAt, objectAt, present, textAt } from './object.js';

/** `PoweredOn` and `poweredOn`. */
const lowered = (text: unknown): unknown =>
  typeof text === 'string' ? text.charAt(0).toLowerCase() + text.slice(1) : text;
const raised = (text: unknown): unknown =>
  typeof text === 'string' ? text.charAt(0).toUpperCase() + text.slice(1) : text;

/** What an interface's network is in v1alpha1: a name and the network provider's word. */
function interfaceDown(entry: Json): Json {
  const network = objectAt(entry, 'network');
  const kinds: Record<string, string> = { Network: 'vsphere-distributed', VirtualNetwork: 'nsx-t' };
  return present({
    networkName: network['name'],
    networkType: kinds[textAt(network, 'kind') ?? ''] ?? 'nsx-t-subnetset',
  });
}

function interfaceUp(entry: Json, index: number): Json {
  const kinds: Record<string, Json> = {
    'vsphere-distributed': { kind: 'Network', apiVersion: 'netoperator.vmware.com/v1alpha1' },
    'nsx-t': { kind: 'VirtualNetwork', apiVersion: 'vmware.com/v1alpha1' },
    'nsx-t-subnetset': { kind: 'SubnetSet', apiVersion: 'crd.nsx.vmware.com/v1alpha1' },
  };
  const name = textAt(entry, 'networkName');
  const kind = kinds[textAt(entry, 'networkType') ?? ''];
  return {
    name: `eth${index}`,
    ...((name || kind) && { network: present({ name, ...kind }) }),
  };
}

const powers = ['powerOffMode', 'restartMode', 'suspendMode', 'powerState'];

const each = (spec: Json, change: (value: unknown) => unknown): Json =>
  Object.fromEntries(
    Object.entries(spec).map(([name, value]) => [
      name,
      powers.includes(name) ? change(value) : value,
    ]),
  );

/** VirtualMachine v1alpha1, the only version that has `networkInterfaces` and lower-case power states. */
export const oldestVirtualMachine: Conversion = {
  down: (object) => {
    const { network, reserved, bootstrap: _, ...spec } = objectAt(object, 'spec');
    const status = objectAt(object, 'status');
    return {
      ...object,
      spec: present({
        ...each(spec, lowered),
        imageName: spec['imageName'] ?? '',
        resourcePolicyName: objectAt(reserved)['resourcePolicyName'],
        networkInterfaces: network && listAt(network, 'interfaces').map(interfaceDown),
      }),
      status: present({
        ...each(status, lowered),
        phase: status['uniqueID'] ? 'Created' : 'Creating',
        host: status['nodeName'],
        vmIp: objectAt(status, 'network')['primaryIP4'],
      }),
    };
  },
  up: (object) => {
    const { networkInterfaces, resourcePolicyName, ...spec } = objectAt(object, 'spec');
    const status = objectAt(object, 'status');
    const interfaces = listAt({ networkInterfaces }, 'networkInterfaces').map(interfaceUp);
    return {
      ...object,
      spec: present({
        ...each(spec, raised),
        network: interfaces.length > 0 ? { interfaces } : undefined,
        reserved: resourcePolicyName ? { resourcePolicyName } : undefined,
      }),
      status: each(status, raised),
    };
  },
};
