import type { CallOptions, Vim } from './client.js';
import { collect } from './property-collector.js';
import type { Ref, Row } from './types.js';

/** vCenter stores / \ and % of a name as %2f, %5c and %25. */
export const readableName = (name: string): string =>
  name.replace(/%(2f|5c|25)/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );

const up = { $type: 'SelectionSpec', name: 'up' } as const;

/**
 * Inventory paths like `/DC0/vm/web/web-01` by object id, in one request whatever the number of objects
 * and levels. The root folder is not part of a path. An object above which something cannot be read
 * gets the part that can.
 */
export async function inventoryPaths(
  vim: Vim,
  refs: readonly Ref[],
  options: CallOptions = {},
): Promise<ReadonlyMap<string, string>> {
  if (refs.length === 0) return new Map();
  const types = [...new Set(refs.map(({ type }) => type))];
  const rows = await collect(vim, options, {
    propSet: [
      ...types
        .filter((type) => type === 'VirtualMachine')
        .map((type) => spec(type, ['parentVApp'])),
      spec('ManagedEntity', ['name', 'parent']),
    ],
    objectSet: refs.map((obj) => ({
      obj,
      skip: false,
      selectSet: [
        {
          $type: 'TraversalSpec',
          name: 'up',
          type: 'ManagedEntity',
          path: 'parent',
          skip: false,
          selectSet: [{ name: up.name }],
        },
        {
          $type: 'TraversalSpec',
          name: 'vapp',
          type: 'VirtualMachine',
          path: 'parentVApp',
          skip: false,
          selectSet: [{ name: up.name }],
        },
      ],
    })),
  });
  const byId = new Map<string, Row>(rows.map((row) => [row.ref.value, row]));
  return new Map(refs.map(({ value }) => [value, pathOf(value, byId)]));
}

const spec = (type: string, pathSet: string[]) => ({ type, all: false, pathSet });

function pathOf(id: string, byId: ReadonlyMap<string, Row>): string {
  const names: string[] = [];
  let row = byId.get(id);
  // A parent chain is short; the bound keeps a broken one from going round.
  for (let level = 0; row && level < 100; level++) {
    const above: Ref | undefined = (row.props['parent'] ?? row.props['parentVApp']) as
      | Ref
      | undefined;
    if (above) names.unshift(readableName(String(row.props['name'] ?? '')).replaceAll('/', '%2f'));
    row = above && byId.get(above.value);
  }
  return `/${names.join('/')}`;
}
