import { newObject } from './new-object.js';
import type { World } from './world.js';

const system = { _system_owned: true };

/** Plants a tree of policy: its root, and the domain named default. `path` is `/infra`, `/global-infra` or a project's. */
export function plantInfra(world: World, path: string): void {
  const { objects } = world;
  objects.set(newObject(world, path, 'Infra', system));
  objects.set(newObject(world, `${path}/domains/default`, 'Domain', system));
}

/** Plants what every manager has before anybody configures it. */
export function plantSkeleton(world: World): void {
  if (world.settings.globalManager) {
    plantInfra(world, '/global-infra');
    return;
  }
  plantInfra(world, '/infra');
  world.objects.set(newObject(world, '/orgs/default', 'Org', system));
}
