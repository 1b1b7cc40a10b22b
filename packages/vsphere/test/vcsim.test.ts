import { vcsim } from '@vmware/simulators';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLog } from '../../policy/src/audit/verify.js';
import { listHosts } from '../src/tools/host/list-hosts.js';
import { powerOff } from '../src/tools/power/power-off.js';
import { powerOn } from '../src/tools/power/power-on.js';
import { suspendVm } from '../src/tools/power/suspend-vm.js';
import { createSnapshot } from '../src/tools/snapshot/create-snapshot.js';
import { deleteSnapshot } from '../src/tools/snapshot/delete-snapshot.js';
import { listSnapshots } from '../src/tools/snapshot/list-snapshots.js';
import { revertToSnapshot } from '../src/tools/snapshot/revert-to-snapshot.js';
import { getRecentTasks } from '../src/tools/task/get-recent-tasks.js';
import { getVcenterInfo } from '../src/tools/vcenter/get-vcenter-info.js';
import { deleteVm } from '../src/tools/vm/delete-vm.js';
import { getVmInfo } from '../src/tools/vm/get-vm-info.js';
import { listVms } from '../src/tools/vm/list-vms.js';
import { renameVm } from '../src/tools/vm/rename-vm.js';
import { vsphere } from '../src/toolset.js';
import { fieldNames } from '../src/vm-fields.js';
import { allPages, change, read } from './answer.js';
import { type Lab, labOn } from './lab.js';
import { tagsOn } from './vcsim-tags.js';

const vms = 7;
// The first use on a machine builds it.
const server = await vcsim({ vms, hosts: 2, apiVersion: '8.0.3.0' });
if ('skipped' in server)
  process.stdout.write(`vsphere against vcsim: skipped, ${server.skipped}\n`);

const withVcsim = test.skipIf('skipped' in server);

let vc: Lab;
beforeAll(() => {
  if (!('skipped' in server)) vc = labOn(server);
});
afterAll(async () => {
  if ('skipped' in server) return;
  await vc[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const names = async (): Promise<string[]> =>
  (await read(vc, listVms, {})).items.map(({ name }) => String(name));
const nth = async (at: number): Promise<string> => (await names())[at] ?? '';

withVcsim('list_vms gives every field and walks all pages', async () => {
  const { items, total } = await read(vc, listVms, { fields: [...fieldNames] });
  expect(total).toBe(vms);
  for (const item of items) {
    expect(Object.keys(item).sort()).toEqual([...fieldNames].sort());
    expect(item).toMatchObject({
      id: expect.stringMatching(/^vm-\d+$/),
      power_state: 'poweredOn',
      cpu: expect.any(Number),
      memory_mb: expect.any(Number),
      path: expect.stringMatching(/^\/\S+\/vm\/\S+$/),
      host: expect.stringMatching(/\S/),
      is_template: false,
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      instance_uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  }
  const { rows, pages } = await allPages((cursor) =>
    read(vc, listVms, { limit: 3, cursor, fields: [...fieldNames] }),
  );
  expect(rows).toEqual(items);
  expect(pages).toBe(3);
});

withVcsim('list_vms narrows by cluster, folder and state', async () => {
  const [first] = (await read(vc, listVms, { fields: ['path'] })).items;
  const folder = String(first?.['path']).split('/').slice(0, 3).join('/');
  expect(await read(vc, listVms, { folder, power_state: 'poweredOn' })).toMatchObject({
    total: vms,
  });
  expect(await vc.call(listVms, { cluster: 'nowhere' })).toMatchObject({ code: 'NOT_FOUND' });
});

withVcsim('list_vms narrows by tag, over the older REST API', async () => {
  if ('skipped' in server) return;
  const items = (await read(vc, listVms, { limit: 3 })).items;
  const [gold, silver, team] = await tagsOn(server, [
    ['tier', 'gold', items.slice(0, 2).map(({ id }) => String(id))],
    ['tier', 'silver', []],
    ['owner', 'silver', [String(items[2]?.['id'])]],
  ]);
  for (const tag of ['gold', 'tier/gold', gold ?? ''])
    expect((await read(vc, listVms, { tag })).items).toEqual(items.slice(0, 2));
  expect((await read(vc, listVms, { tag: 'owner/silver' })).items).toEqual(items.slice(2));
  expect((await read(vc, listVms, { tag: 'tier/silver' })).items).toEqual([]);
  expect(await vc.call(listVms, { tag: 'silver' })).toMatchObject({
    code: 'AMBIGUOUS',
    details: {
      candidates: [
        { path: 'owner/silver', id: team },
        { path: 'tier/silver', id: silver },
      ],
    },
  });
  expect(await vc.call(listVms, { tag: 'glod' })).toMatchObject({
    code: 'NOT_FOUND',
    details: { nearest: ['gold'] },
  });
  for (const tag of ['urn:vmomi:InventoryServiceTag:none:GLOBAL', '../../session', '..'])
    expect(await vc.call(listVms, { tag })).toMatchObject({ code: 'NOT_FOUND' });
});

withVcsim('get_vm_info finds a VM by name, path, moid and UUIDs', async () => {
  const name = await nth(0);
  const info = await read(vc, getVmInfo, { name });
  expect(info).toMatchObject({
    name,
    cpu: expect.any(Number),
    datastore: [expect.any(String)],
    disks: [
      {
        label: expect.any(String),
        capacity_gb: expect.any(Number),
        file: expect.stringContaining('.vmdk'),
      },
    ],
    nics: [{ mac_address: expect.stringMatching(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/) }],
    host: expect.any(String),
  });
  for (const word of [info.path, info.id, info.uuid, info.instance_uuid])
    expect(await read(vc, getVmInfo, { name: word ?? '' })).toEqual(info);
});

withVcsim('list_hosts and get_vcenter_info', async () => {
  const { items } = await read(vc, listHosts, {});
  expect(items).toHaveLength(2);
  expect(items.reduce((sum, { vm_count }) => sum + (vm_count ?? 0), 0)).toBe(vms);
  expect(items[0]).toMatchObject({
    connection_state: 'connected',
    cpu_cores: expect.any(Number),
    memory_gb: expect.any(Number),
  });
  expect(await read(vc, getVcenterInfo, {})).toMatchObject({
    api_type: 'VirtualCenter',
    api_version: '8.0.3.0',
  });
});

withVcsim('power: off, off again without a request, on, suspend, resume', async () => {
  const name = await nth(1);
  expect(await change(vc, powerOff, { name })).toMatchObject({
    changed: true,
    power_state: 'poweredOff',
  });
  expect(await change(vc, powerOff, { name })).toMatchObject({ changed: false, task_id: null });
  expect(await change(vc, powerOn, { name })).toMatchObject({ changed: true });
  expect(await change(vc, suspendVm, { name })).toMatchObject({
    changed: true,
    power_state: 'suspended',
  });
  expect(await change(vc, powerOn, { name })).toMatchObject({ changed: true });
  expect((await read(vc, getVmInfo, { name })).power_state).toBe('poweredOn');
});

withVcsim('rename, and a name that is taken', async () => {
  const [name, other] = [await nth(2), await nth(3)];
  const { id } = await change(vc, renameVm, { name, new_name: 'zoë & <co>' });
  expect((await read(vc, getVmInfo, { name: 'zoë & <co>' })).id).toBe(id);
  // Where a vCenter says DuplicateName.
  expect(await vc.change(renameVm, { name: id, new_name: other })).toMatchObject({
    status: 'failed',
    details: { fault: 'InvalidArgument', invalidProperty: 'name' },
  });
  await change(vc, renameVm, { name: id, new_name: name });
});

withVcsim('snapshots: create, list, revert, delete with those below', async () => {
  const name = await nth(4);
  const first = await change(vc, createSnapshot, {
    name,
    snapshot_name: 'one',
    description: 'before',
  });
  await change(vc, createSnapshot, { name, snapshot_name: 'two', memory: false });
  expect((await read(vc, listSnapshots, { name })).items).toMatchObject([
    { id: first.id, path: 'one', description: 'before', is_current: false },
    { path: 'one/two', is_current: true },
  ]);
  expect(await change(vc, revertToSnapshot, { name, snapshot_name: 'one' })).toMatchObject({
    id: first.id,
  });
  expect((await read(vc, listSnapshots, { name })).items[0]).toMatchObject({
    path: 'one',
    is_current: true,
  });
  const gone = await change(vc, deleteSnapshot, {
    name,
    snapshot_name: 'one',
    remove_children: true,
  });
  expect(gone).toMatchObject({ deleted: 2 });
  expect((await read(vc, listSnapshots, { name })).items).toEqual([]);
});

withVcsim('delete_vm powers a running VM off first', async () => {
  const name = await nth(6);
  expect(await change(vc, deleteVm, { name })).toMatchObject({
    name,
    state: 'deleted',
    powered_off: true,
  });
  expect(await names()).not.toContain(name);
});

withVcsim('get_recent_tasks tells what these tests did', async () => {
  const { items } = await read(vc, getRecentTasks, { count: 200 });
  expect(items.length).toBeGreaterThan(0);
  for (const item of items)
    expect(item).toMatchObject({ id: expect.any(String), queued_time: expect.any(String) });
  expect(items.some(({ state }) => state === 'success')).toBe(true);
  expect(items.some(({ state, error }) => state === 'error' && error !== null)).toBe(true);
  const times = items.map(({ queued_time }) => queued_time ?? '');
  expect(times).toEqual([...times].sort().reverse());
});

withVcsim('the resource esxi://vms is a call like any other, and is recorded', async () => {
  const resource = vsphere.resources?.find(({ uri }) => uri === 'esxi://vms');
  const outcome = await vc.governed.answer(resource?.tool.name ?? '', resource?.input, {
    surface: 'resource',
  });
  expect(outcome).toMatchObject({
    status: 'done',
    output: { returned: vms - 1, items: expect.any(Array) },
  });
  expect(vc.audit().at(-1)).toMatchObject({ tool: 'list_vms', phase: 'read', status: 'ok' });
});

withVcsim('every change left an intent and an outcome, and the log is intact', async () => {
  const rows = vc.audit();
  for (const tool of [
    'power_off',
    'power_on',
    'suspend_vm',
    'rename_vm',
    'create_snapshot',
    'delete_vm',
  ])
    expect(rows.filter((row) => row.tool === tool && row.phase === 'intent')).not.toEqual([]);
  expect(verifyLog(vc.home)).toMatchObject({ verdict: 'intact', in_doubt: 0 });
});
