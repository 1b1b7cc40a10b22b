import { plant } from '../../inventory/plant.js';
import { type SeedChoice, seedOf } from '../../inventory/seed.js';
import { Clock } from '../../server/clock.js';
import { Fabric } from '../fabric.js';
import { plantSkeleton } from '../skeleton.js';
import { Store } from '../store.js';
import type { World, WorldSettings } from '../world.js';
import { type EstateChoice, plantEstate } from './plant-estate.js';

const settings: WorldSettings = {
  version: '4.2.1',
  globalManager: false,
  realizeMilliseconds: 10,
  traceMilliseconds: 10,
  partialPatch: false,
  staleStatus: 412,
};

/** A planted world without a server in front of it, for tests of what is computed from one. */
export function worldOf(
  estate: EstateChoice = 'lab',
  machines: SeedChoice = 'lab',
  changes: Partial<WorldSettings> = {},
): World {
  const clock = new Clock();
  const world: World = {
    objects: new Store(changes.globalManager ? 1_000_000 : 1000),
    fabric: new Fabric(plant(seedOf(machines), clock.now())),
    clock,
    settings: { ...settings, ...changes },
  };
  plantSkeleton(world);
  plantEstate(world, estate);
  return world;
}
