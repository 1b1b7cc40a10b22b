import { describe as surfaceOf } from '@vmware/policy/docs';
import type { FaultRule, NsxSimulation, PolicyObject } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { goAhead } from '../../../test/kit/every-id.js';
import {
  lookAtAnswers,
  lookAtErrors,
  neverTainted,
  nothingSeen,
  type TaintedLab,
  taintDeep,
  tainted,
} from '../../../test/kit/every-leaf.js';
import { listGroups } from '../src/tools/group/list-groups.js';
import { nsxSecurity } from '../src/toolset.js';
import { type AnyTool, changing, type Input, inputFor, type OnSim } from './changes.js';
import { lab } from './lab.js';
import { readInputFor } from './prepared-reads.js';
import { reading } from './reads.js';

/** Fields of policy objects in which NSX takes any text. */
const free = new Set([
  ...['display_name', 'description', 'notes', 'tag', 'comments', 'lock_comments'],
  ...['_create_user', '_last_modified_user', 'lock_modified_by'],
]);
/** Fields of the vCenter inventory that NSX shows. */
const freeOfVm = new Set(['guestName', 'hostName', 'label']);

/** Taints every name and every free text; ids, paths and what groups match by stay. */
function taint({ world, inventory }: NsxSimulation): void {
  for (const object of [...world.objects.all()]) {
    const tags = object['tags'];
    world.objects.set({
      description: tainted('Because'),
      ...(taintDeep(object, (name) => free.has(name)) as PolicyObject),
      ...(Array.isArray(tags) && { tags: taintDeep(tags, (name) => /^(scope|tag)$/.test(name)) }),
    });
  }
  for (const entity of [
    ...inventory.all('vm'),
    ...inventory.all('host'),
    ...inventory.all('cluster'),
  ]) {
    inventory.change(entity, taintDeep(entity, (name) => freeOfVm.has(name)) as typeof entity);
    inventory.rename(entity, tainted(entity.name));
  }
  const added = [{ scope: tainted('scope'), tag: tainted('tag') }];
  for (const vm of world.fabric.vms()) world.fabric.addTags(vm.external_id, added);
}

/** As hostile as an id may be: no slash, and no control character, which no client would put into a path. */
const hostileId = tainted('evil').replaceAll(/[/\p{Cc}\u2028]/gu, '');
const evil = (container: string): string => `${container}/${hostileId}`;
const domain = '/infra/domains/default';
const shop = `${domain}/security-policies/shop`;

/** Objects whose ids are hostile, and a rule that names them. */
function plantHostileIds({ world: { objects } }: NsxSimulation): void {
  const copy = (path: string, fields: object = {}) => {
    const like = objects.get(path);
    if (!like) throw new Error(`The estate has no ${path}`);
    const at = evil(like.path.slice(0, like.path.lastIndexOf('/')));
    objects.set({ ...like, id: hostileId, path: at, relative_path: hostileId, ...fields });
  };
  copy(`${domain}/groups/web-servers`);
  copy('/infra/services/HTTPS');
  copy(`${domain}/security-policies/isolate-test`);
  copy('/infra/context-profiles/SSL');
  copy('/infra/settings/firewall/security/intrusion-services/profiles/web-critical');
  const groups = [evil(`${domain}/groups`)];
  const named = { source_groups: groups, destination_groups: groups, scope: groups };
  copy(`${shop}/rules/web-in`, { ...named, services: [evil('/infra/services')] });
}

/** Somebody changes the description of every group and service. */
function describeAnew({ sim: { world } }: OnSim): void {
  for (const object of [...world.objects.ofType('Group'), ...world.objects.ofType('Service')])
    world.objects.set({
      ...object,
      description: tainted('Now'),
      _revision: object._revision + 1,
    });
}

/** The same input with the ids of machines where it has their names. */
function byId(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return ids.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => byId(item, ids));
  return value;
}

type Then = NonNullable<FaultRule['then']>;

const said = tainted('It broke');
const body = JSON.stringify({
  error_code: 1,
  error_message: said,
  module_name: said,
  related_errors: [{ error_message: said }],
});
const failures: readonly Then[] = [400, 403].map((status) => ({ status, body }));

async function open(tool: AnyTool, then?: Then): Promise<TaintedLab> {
  const nsx = await lab();
  nsx.rules(goAhead);
  const ids = new Map(nsx.sim.inventory.all('vm').map((vm) => [vm.name, vm.instanceUuid]));
  const taintAll = () => {
    plantHostileIds(nsx.sim);
    taint(nsx.sim);
  };
  if (tool.name === 'diff_dfw') taintAll();
  const read = changing.includes(tool) ? undefined : await readInputFor(tool, nsx);
  if (tool.name === 'diff_dfw') describeAnew(nsx);
  else taintAll();
  const input: Input = read ?? (await inputFor(tool, nsx));
  await nsx.call(listGroups, {});
  if (then) nsx.sim.faults.add({ times: Number.POSITIVE_INFINITY, then });
  return {
    surface: surfaceOf(nsxSecurity),
    governed: nsx.governed,
    input: Object.fromEntries(
      Object.entries(input).map(([name, value]) => [
        name,
        name === 'vm_display_name' ? tainted(String(value)) : byId(value, ids),
      ]),
    ),
    [Symbol.asyncDispose]: () => nsx[Symbol.asyncDispose](),
  };
}

/** Text fields of outputs into which nobody can write at the simulated NSX Manager, by the reason why. */
const notFree: Readonly<Record<string, readonly string[]>> = {
  'one of the words of the API, or of ours': [
    ...['action', 'category', 'direction', 'excluded', 'firewall_on', 'ip_protocol', 'power_state'],
    ...['protected', 'protocol', 'operation_state', 'request_status', 'status', 'verdict'],
    ...['dfw_hits.[].action', 'dfw_hits.[].component', 'dfw_hits.[].outcome'],
    ...['expression.[].key', 'expression.[].member_type', 'expression.[].operator'],
    ...['expression.[].resource_type', 'expression.[].scope_operator', 'members.[].type'],
    ...['items.[].action', 'items.[].category', 'items.[].change', 'items.[].direction'],
    ...['items.[].because.[].action', 'items.[].because.[].category', 'items.[].ip_protocol'],
    ...['items.[].criteria.[].filter_name', 'items.[].criteria.[].filter_value.[]'],
    ...['items.[].kind', 'items.[].profile_severity', 'items.[].severity', 'items.[].type'],
    ...['items.[].verdict', 'items.[].virtual_machines.[].type', 'items.[].fields.[].field'],
    ...['not_compared.[]', 'observations.[].component_type', 'observations.[].resource_type'],
    ...['parts.[].verdict', 'rules.[].action', 'rules.[].category', 'rules.[].sides.[]'],
    ...['parts.[].destination_side.deciding.[].action', 'parts.[].source_side.deciding.[].action'],
    'parts.[].destination_side.deciding.[].category',
    'parts.[].source_side.deciding.[].category',
    ...['signature_status.download_status', 'signature_status.signature_status'],
  ],
  'an address, ports, a time or a version: read as such before it is told': [
    ...['addresses.[]', 'dst_ip', 'src_ip', 'entries.[]', 'items.[].entries.[]', 'taken_at'],
    ...['items.[].attributes.[]', 'parts.[].allowed.[]', 'signature_status.active_since'],
    ...['parts.[].destination_side.deciding.[].traffic.[]', 'signature_status.active_version'],
    ...['parts.[].source_side.deciding.[].traffic.[]', 'signature_status.version_id'],
  ],
  'the id, the tag or the path of what the call named': [
    ...['group_id', 'id', 'path', 'policy_id', 'rule_id', 'vm_id', 'external_id', 'members.[].id'],
    ...['scope', 'tag', 'scope.[]', 'services.[]', 'sources.[]', 'destinations.[]'],
    ...['dfw_hits.[].policy', 'dfw_hits.[].rule_path', 'raw.[].enforcement_point'],
    ...['parts.[].destination_side.deciding.[].path', 'parts.[].source_side.deciding.[].path'],
    ...['expression.[].id', 'expression.[].parent_path', 'expression.[].path'],
    ...['expression.[].relative_path', 'expression.[].value'],
  ],
  'made by us': [
    ...['counters_since', 'hint', 'items.[].detail', 'next_cursor', 'notes.[]', 'operation_id'],
    ...['sha256', 'traceflow_id'],
  ],
  'a file that the caller named': ['after', 'before', 'file', 'snapshot'],
  'of an Edge or a cluster, whose names the simulator has fixed': [
    ...['clusters.[].display_name', 'clusters.[].id'],
    ...['items.[].virtual_machines.[].display_name', 'items.[].virtual_machines.[].id'],
  ],
};

test('whatever NSX says, nothing hostile comes out of any tool, and every field that it can write to is cleaned', async () => {
  const seen = nothingSeen();
  for (const tool of [...reading, ...changing])
    await lookAtAnswers(seen, tool.name, () => open(tool));
  expect(seen.wrong).toEqual([]);
  expect(seen.tags).toBeGreaterThan(1_000);
  expect(neverTainted(seen)).toEqual(Object.values(notFree).flat().sort());
}, 300_000);

test('whatever NSX says to a call that goes wrong, nothing hostile comes out of any tool', async () => {
  const seen = nothingSeen();
  for (const tool of [...reading, ...changing])
    for (const then of failures) await lookAtErrors(seen, tool.name, () => open(tool, then));
  expect(seen.wrong).toEqual([]);
  expect(seen.tags).toBeGreaterThan(200);
}, 300_000);
