import type { Place } from './call.js';
import type { Operation } from './catalogue.js';
import type { WorldSettings } from './world.js';

/** Whether a manager of this kind and version has a route: projects came with 4.1, VPCs with 4.1.1. */
export function isServed(
  { tree }: Place,
  { path }: Operation,
  { version, globalManager }: WorldSettings,
): boolean {
  if (globalManager) return path.startsWith('/global-manager/') || path === '/api/v1/node/version';
  if (path.startsWith('/global-manager/')) return false;
  if (path.includes('/vpcs')) return atLeast(version, [4, 1, 1]);
  if (tree.startsWith('/orgs') || path.includes('/orgs') || path.endsWith('/org-root'))
    return atLeast(version, [4, 1, 0]);
  return true;
}

function atLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [at, wanted] of least.entries()) {
    const part = parts[at] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
