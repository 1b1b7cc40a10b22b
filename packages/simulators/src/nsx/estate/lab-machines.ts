import type { Vm } from '../../inventory/entities.js';
import { hostileName } from '../../inventory/hostile.js';
import type { Inventory } from '../../inventory/inventory.js';
import { escapeName } from '../../inventory/name.js';
import type { Tag } from '../fabric.js';
import type { World } from '../world.js';
import { plantPort } from './segments.js';

/** A machine in the lab: `segment address` for each of its interfaces, and its tags as `scope|tag`. */
interface Placed {
  readonly name: string;
  /** Which machine of that name, by age; the first when absent. */
  readonly nth?: number;
  readonly nics: readonly string[];
  readonly tags?: readonly string[];
}

const shop = (
  tier: string,
  name: string,
  count: number,
  segment: string,
  address: string,
): Placed[] =>
  Array.from({ length: count }, (_, at) => ({
    name: `${name}-0${at + 1}`,
    nics: [`${segment} ${address}.${11 + at}`],
    tags: ['app|shop', `tier|${tier}`],
  }));

const machines: readonly Placed[] = [
  ...shop('web', 'web', 6, '/infra/segments/seg-web', '10.10.1'),
  ...shop('app', 'app', 4, '/infra/segments/seg-app', '10.10.2'),
  ...shop('db', 'db', 2, '/infra/segments/seg-db', '10.10.3'),
  { name: 'db-01', nth: 1, nics: ['/infra/segments/seg-db 10.10.3.99'], tags: ['env|test'] },
  {
    name: 'win-jump',
    nics: ['/infra/segments/seg-infra 10.10.9.10', '/infra/segments/seg-app 10.10.2.10'],
    tags: ['role|jump'],
  },
  { name: 'dns-01', nics: ['/infra/segments/seg-infra 10.10.9.53'], tags: ['role|dns'] },
  { name: 'appliance-01', nics: ['/infra/segments/vlan-dmz 10.10.20.5'] },
  { name: 'scratch-01', nics: ['/infra/segments/seg-app 10.10.2.99'] },
  { name: 'ci-runner-01', nics: ['/infra/segments/seg-app 10.10.2.51'] },
  { name: 'ci-runner-02', nics: ['/infra/segments/seg-app 10.10.2.52'] },
  {
    name: 'ci-runner-03',
    nics: [
      '/infra/segments/seg-app 10.10.2.53',
      '/orgs/default/projects/shop-project/infra/segments/stage 10.30.1.53',
    ],
    tags: ['env|stage'],
  },
  { name: 'build-cache', nics: ['/infra/segments/seg-app 10.10.2.60'] },
  { name: hostileName, nics: ['/infra/segments/seg-infra 10.10.9.66'] },
];

/**
 * Connects the machines of the vCenter seed `lab` and tags them. A machine the inventory does not have is left
 * out; a second interface is added to the inventory, so that vCenter shows it too.
 */
export function placeMachines(world: World): void {
  const { inventory } = world.fabric;
  const all = inventory.all('vm');
  for (const { name, nth = 0, nics, tags = [] } of machines) {
    const vm = all.filter((each) => each.name === escapeName(name))[nth];
    if (!vm || vm.template) continue;
    addInterfaces(inventory, vm, nics.length);
    const vifs = world.fabric.vifs().filter((vif) => vif.owner_vm_id === vm.instanceUuid);
    for (const [at, nic] of nics.entries()) {
      const [segment = '', address = ''] = nic.split(' ');
      const vif = vifs[at];
      if (!vif) continue;
      plantPort(world, segment, vif, [address]);
      if (at === 0 && vm.ip !== undefined) inventory.change(vm, { ip: address });
    }
    world.fabric.setTags(vm.instanceUuid, tags.map(tagOf));
  }
}

function addInterfaces(inventory: Inventory, vm: Vm, count: number): void {
  const first = vm.nics[0];
  if (!first || vm.nics.length >= count) return;
  const more = Array.from({ length: count - vm.nics.length }, (_, at) => ({
    ...first,
    label: `Network adapter ${vm.nics.length + at + 1}`,
    mac: first.mac.replace(/^00:50:56:../, `00:50:56:3${at + 1}`),
  }));
  inventory.change(vm, { nics: [...vm.nics, ...more] });
}

function tagOf(text: string): Tag {
  const [scope = '', tag = ''] = text.split('|');
  return { scope, tag };
}
