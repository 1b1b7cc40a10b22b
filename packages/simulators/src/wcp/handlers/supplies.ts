import { first, type Handlers } from '../call.js';
import { notFound } from '../refusals.js';
import type { HarborRegistry, Library, VmClass, WcpWorld } from '../world.js';

const classes = '/api/vcenter/namespace-management/virtual-machine-classes';
const harbor = '/api/vcenter/content/registries/harbor';
/** What came with the vCenter did so at this time. */
const installed = '2026-01-15T08:00:00.000Z';

const classInfo = ({ namespaces }: WcpWorld, each: VmClass) => ({
  id: each.id,
  cpu_count: each.cpus,
  memory_MB: each.memoryMb,
  ...(each.reserved > 0 && { cpu_reservation: each.reserved, memory_reservation: each.reserved }),
  description: each.description,
  namespaces: [...namespaces.values()]
    .filter(({ vmClasses }) => vmClasses.includes(each.id))
    .map(({ name }) => name),
  vms: [],
  config_status: 'READY',
  messages: [],
  ...(each.vgpuProfiles && {
    devices: { vgpu_devices: each.vgpuProfiles.map((profile) => ({ profile_name: profile })) },
  }),
});

const libraryInfo = ({ id, name, description, type }: Library) => ({
  id,
  name,
  description,
  type,
  creation_time: installed,
  last_modified_time: installed,
  version: '1',
  storage_backings: [{ type: 'DATASTORE', datastore_id: 'datastore-7' }],
});

const harborSummary = ({ id, cluster, version, url }: HarborRegistry) => ({
  registry: id,
  cluster,
  version,
  ui_access_url: url,
});

const harborInfo = ({ id: _, url, status, ...registry }: HarborRegistry) => ({
  ...registry,
  creation_time: installed,
  ui_access_url: url,
  cert_chain: [],
  garbage_collection: { type: 'WEEKLY', day_of_week: 'SATURDAY', hour: 3, minute: 0 },
  health: { status },
});

function of<T>(all: ReadonlyMap<string, T>, kind: string, id: string): T {
  const found = all.get(id);
  if (found === undefined) throw notFound(`${kind} '${id}' was not found.`, id);
  return found;
}

/** What namespaces are given: storage policies, VM classes and content libraries; and embedded Harbor registries. */
export const supplyHandlers: Handlers = {
  'GET /api/vcenter/storage/policies': ({ world, query }) => {
    const asked = query['policies'] as readonly string[] | undefined;
    return [...world.storagePolicies.values()]
      .filter(({ id }) => !asked || asked.includes(id))
      .map(({ id, name, description }) => ({ policy: id, name, description }));
  },
  [`GET ${classes}`]: ({ world }) =>
    [...world.vmClasses.values()].map((each) => classInfo(world, each)),
  [`GET ${classes}/{}`]: (call) =>
    classInfo(call.world, of(call.world.vmClasses, 'VM class', first(call))),
  'GET /api/content/library': ({ world }) => [...world.libraries.keys()],
  'GET /api/content/library/{}': (call) =>
    libraryInfo(of(call.world.libraries, 'Library', first(call))),
  [`GET ${harbor}`]: ({ world }) => [...world.registries.values()].map(harborSummary),
  [`GET ${harbor}/{}`]: (call) =>
    harborInfo(of(call.world.registries, 'Harbor registry', first(call))),
};
