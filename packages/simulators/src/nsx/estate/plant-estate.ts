import type { World } from '../world.js';
import { plantGroups } from './lab-groups.js';
import { plantIntrusionDetection } from './lab-idps.js';
import { placeMachines } from './lab-machines.js';
import { plantPolicies } from './lab-policies.js';
import { plantTenancy } from './lab-tenancy.js';
import { plantDefaults } from './plant-defaults.js';
import { type Fields, put } from './put.js';
import { plantOverlay, plantVlan } from './segments.js';
import { type EstateSize, plantSized } from './sized.js';

/** An object as a test writes it: where, what, and the fields that matter. */
export interface WrittenObject extends Fields {
  readonly path: string;
  readonly resource_type: string;
}

/** `lab`, only the defaults, a size for load, or objects written out. Every choice has the defaults of the product. */
export type EstateChoice = 'lab' | 'empty' | EstateSize | readonly WrittenObject[];

/**
 * Fills a world whose skeleton is planted. `lab` names the machines of the vCenter seed `lab`; those that are not
 * in the inventory are left out. A Global Manager has no machines and gets the defaults and what is written out.
 */
export function plantEstate(world: World, choice: EstateChoice = 'lab'): void {
  plantDefaults(world);
  if (choice === 'empty') return;
  if (choice === 'lab') {
    if (!world.settings.globalManager) plantLab(world);
  } else if ('groups' in choice) plantSized(world, choice);
  else
    for (const { path, resource_type, ...fields } of choice)
      put(world, resource_type, path, fields);
}

function plantLab(world: World): void {
  put(world, 'Tier1', '/infra/tier-1s/t1-lab');
  const tier1 = '/infra/tier-1s/t1-lab';
  plantOverlay(world, '/infra/segments/seg-web', '10.10.1.1/24', tier1);
  plantOverlay(world, '/infra/segments/seg-app', '10.10.2.1/24', tier1);
  plantOverlay(world, '/infra/segments/seg-db', '10.10.3.1/24', tier1);
  plantOverlay(world, '/infra/segments/seg-infra', '10.10.9.1/24', tier1);
  plantVlan(world, '/infra/segments/vlan-dmz', '10.10.20.1/24', '120');
  plantGroups(world);
  plantIntrusionDetection(world);
  plantPolicies(world);
  plantTenancy(world);
  placeMachines(world);
}
