import type { Tool } from '@vmware/policy';
import { describe as surfaceOf } from '@vmware/policy/docs';
import type { FaultRule, Simulation, Snapshot } from '@vmware/simulators';
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
import type { VsphereClients } from '../src/define.js';
import { listHosts } from '../src/tools/host/list-hosts.js';
import { vsphere } from '../src/toolset.js';
import { fieldNames } from '../src/vm-fields.js';
import { vmOf } from './answer.js';
import { changing, inputFor } from './changes.js';
import { lab } from './lab.js';
import { readInputs, reading } from './reads.js';

type AnyTool = Tool<VsphereClients>;

/** Fields of the simulated inventory in which vCenter takes any text, from its users or from a guest. */
const free = new Set([
  ...[
    'annotation',
    'guestName',
    'hostName',
    'ip',
    'vendor',
    'model',
    'cpuModel',
    'version',
    'build',
  ],
  ...['label', 'file', 'description', 'question', 'guestId', 'uuid', 'instanceUuid', 'mac'],
]);

/** Taints every name and every free text. */
function taint({ inventory, tags }: Simulation): void {
  const kinds = [
    'folder',
    'datacenter',
    'cluster',
    'host',
    'pool',
    'datastore',
    'network',
    'vm',
  ] as const;
  for (const kind of kinds)
    for (const entity of inventory.all(kind)) {
      const fields = taintDeep(entity, (name) => free.has(name)) as typeof entity;
      inventory.change(entity, fields);
      inventory.rename(entity, tainted(entity.name));
    }
  for (const vm of inventory.all('vm'))
    for (const snapshot of vm.snapshots) taintSnapshot(snapshot);
  for (const each of [...tags.all.values(), ...tags.categories.values()])
    each.name = tainted(each.name);
}

function taintSnapshot(snapshot: Snapshot): void {
  snapshot.name = tainted(snapshot.name);
  snapshot.description = tainted('Because');
  for (const child of snapshot.children) taintSnapshot(child);
}

type Then = NonNullable<FaultRule['then']>;

const said = tainted('It broke');
/** A fault of the API, and one of a task. */
const failures: readonly Then[] = [
  { fault: 'SystemError', message: said, fields: { reason: said } },
  { taskError: 'SystemError', message: said, fields: { reason: said } },
];

async function open(tool: AnyTool, then?: Then): Promise<TaintedLab> {
  const vc = await lab();
  vc.rules(goAhead);
  const input = { ...(changing.includes(tool) ? inputFor(tool) : readInputs[tool.name]) };
  const vm = typeof input['name'] === 'string' ? vmOf(vc.sim, input['name']) : undefined;
  const [snapshot] = vm?.snapshots ?? [];
  taint(vc.sim);
  if (tool.name === 'get_recent_tasks') await failTask(vc);
  // Whoever is to be answered by faults logs in first.
  await vc.call(listHosts, {});
  if (then) vc.sim.faults.add({ times: Number.POSITIVE_INFINITY, then });
  return {
    surface: surfaceOf(vsphere),
    governed: vc.governed,
    input: {
      ...input,
      ...(vm && { name: vm.id }),
      ...(tool.name === 'list_vms' && { fields: [...fieldNames] }),
      ...(snapshot &&
        tool.name !== 'create_snapshot' &&
        'snapshot_name' in input && { snapshot_name: snapshot.id }),
      ...('new_name' in input && { new_name: 'T4G-new' }),
      ...(tool.name === 'create_snapshot' && { snapshot_name: tainted('new') }),
    },
    [Symbol.asyncDispose]: () => vc[Symbol.asyncDispose](),
  };
}

/** Leaves a task behind that failed on a VM with a tainted name. */
async function failTask({ sim, governed }: Awaited<ReturnType<typeof lab>>): Promise<void> {
  const [vm] = sim.inventory
    .all('vm')
    .filter(({ power, template }) => power === 'poweredOff' && !template);
  sim.faults.add({
    match: { method: 'PowerOnVM_Task' },
    then: { taskError: 'FileLocked', message: tainted('It is locked.') },
  });
  await governed.answer(
    'power_on',
    { name: vm?.id },
    { surface: 'cli', dryRun: false, confirmed: true },
  );
}

const enumeration = 'one of the words of the API';
const made = 'an id or a time, made by vCenter';
const about = 'what vCenter says of itself: the simulator has it fixed';

/** Text fields of outputs into which nobody can write at the simulated vCenter, and why. */
const notFree: Readonly<Record<string, string>> = {
  api_type: about,
  api_version: about,
  boot_time: made,
  build: about,
  full_name: about,
  hardware_version: about,
  id: made,
  'items.[].complete_time': made,
  'items.[].connection_state': enumeration,
  'items.[].created': made,
  'items.[].entity_id': made,
  'items.[].id': made,
  'items.[].power_state': enumeration,
  'items.[].queued_time': made,
  'items.[].start_time': made,
  'items.[].state': enumeration,
  'items.[].status': enumeration,
  'items.[].tools_status': enumeration,
  os_type: about,
  power_state: enumeration,
  state: enumeration,
  status: enumeration,
  task_id: made,
  tools_status: enumeration,
  tools_version: about,
  user: 'the account that we log in with',
  vendor: about,
  version: about,
  vm_id: made,
};

test('whatever vCenter says, nothing hostile comes out of any tool, and every field that it can write to is cleaned', async () => {
  const seen = nothingSeen();
  for (const tool of [...reading, ...changing])
    await lookAtAnswers(seen, tool.name, () => open(tool));
  expect(seen.wrong).toEqual([]);
  expect(seen.tags).toBeGreaterThan(1_000);
  expect(neverTainted(seen)).toEqual(Object.keys(notFree).sort());
}, 120_000);

test('whatever vCenter says to a call that goes wrong, nothing hostile comes out of any tool', async () => {
  const seen = nothingSeen();
  for (const tool of [...reading, ...changing])
    for (const then of failures) await lookAtErrors(seen, tool.name, () => open(tool, then));
  expect(seen.wrong).toEqual([]);
  expect(seen.tags).toBeGreaterThan(200);
}, 120_000);
