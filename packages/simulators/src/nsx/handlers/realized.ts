import type { Handlers } from '../call.js';
import { noSuchObject } from '../nsx-error.js';
import { page } from '../paging.js';

const point = '/infra/sites/default/enforcement-points/default';

/** What became of intent, and the machines as policy shows them. */
export const realizedHandlers: Handlers = {
  'GET /realized-state/status': ({ world, query }) => {
    const path = query['intent_path'] ?? '';
    const now = world.clock.now();
    const deleted = world.objects.buried(now).find((each) => each.path === path);
    const object = world.objects.get(path) ?? deleted;
    if (!object) throw noSuchObject(path);
    const changed = Number(object['_last_modified_time'] ?? 0);
    const waits = now.getTime() - changed < world.settings.realizeMilliseconds;
    const status = waits || deleted ? 'IN_PROGRESS' : 'SUCCESS';
    return {
      intent_path: path,
      intent_version: String(object._revision),
      publish_status: status === 'SUCCESS' ? 'REALIZED' : 'UNREALIZED',
      consolidated_status: { consolidated_status: status },
      ...(query['include_enforced_status'] === 'true' && {
        consolidated_status_per_enforcement_point: [
          {
            resource_type: 'ConsolidatedStatusNsxT',
            enforcement_point_path: point,
            enforcement_point_id: 'default',
            consolidated_status: { consolidated_status: status },
          },
        ],
      }),
    };
  },
  'GET /realized-state/virtual-machines': ({ world, query, pageCap, tree }) => {
    const connected = tree === '/infra' ? undefined : machinesOf(world, tree);
    const all = world.fabric.vms().filter((vm) => connected?.has(vm.external_id) ?? true);
    return page(all, query, pageCap, ({ external_id }) => external_id);
  },
};

/** Machines with an interface on a segment of a project. */
function machinesOf(world: Parameters<Handlers[string]>[0]['world'], tree: string): Set<string> {
  const attached = new Set(
    world.objects
      .ofType('SegmentPort')
      .filter(({ path }) => path.startsWith(`${tree}/`))
      .map(({ attachment }) => (attachment as { id?: string } | undefined)?.id),
  );
  const vifs = world.fabric.vifs().filter((vif) => attached.has(vif.lport_attachment_id));
  return new Set(vifs.map((vif) => vif.owner_vm_id));
}
