import type { World } from '../world.js';

/** Computes something of a world once, and again after objects, machines or tags have changed. */
export function cachedByWorld<T>(compute: (world: World) => T): (world: World) => T {
  const cache = new WeakMap<World, { readonly at: string; readonly value: T }>();
  return (world) => {
    const at = `${world.objects.version} ${world.fabric.version}`;
    const known = cache.get(world);
    if (known?.at === at) return known.value;
    const value = compute(world);
    cache.set(world, { at, value });
    return value;
  };
}
