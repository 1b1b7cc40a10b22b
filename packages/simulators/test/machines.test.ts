import { expect, test } from 'vitest';
import { type Simulation, simulate, type Vm } from '../src/index.js';
import { flat } from '../src/inventory/entities.js';
import { faultType, moref, Wire } from './wire.js';

async function machine(
  vcenter: Simulation,
  name: string,
): Promise<{ wire: Wire; vm: Vm; on: string }> {
  const wire = new Wire(vcenter);
  await wire.login();
  const vm = vcenter.inventory.find('vm', name);
  if (!vm) throw new Error(`there is no ${name}`);
  return { wire, vm, on: `VirtualMachine:${vm.id}` };
}

const snapshotArgs = (name: string, memory = false, quiesce = false) =>
  `<name>${name}</name><memory>${memory}</memory><quiesce>${quiesce}</quiesce>`;

test('a change of power succeeds from the right state and is refused in the task from another', async () => {
  await using vcenter = await simulate();
  const { wire, vm, on } = await machine(vcenter, 'batch-01');
  for (const [method, end, power] of [
    ['PowerOffVM_Task', 'InvalidPowerState', 'poweredOff'],
    ['SuspendVM_Task', 'InvalidPowerState', 'poweredOff'],
    ['PowerOnVM_Task', 'success', 'poweredOn'],
    ['PowerOnVM_Task', 'InvalidPowerState', 'poweredOn'],
    ['SuspendVM_Task', 'success', 'suspended'],
    ['PowerOnVM_Task', 'success', 'poweredOn'],
    ['PowerOffVM_Task', 'success', 'poweredOff'],
  ] as const) {
    expect([method, await wire.task(method, on)]).toEqual([method, end]);
    expect(vm.power).toBe(power);
  }
});

test('a template has no power and no snapshots', async () => {
  await using vcenter = await simulate();
  const { wire, on } = await machine(vcenter, 'golden-ubuntu');
  for (const method of ['PowerOnVM_Task', 'PowerOffVM_Task', 'SuspendVM_Task', 'ShutdownGuest'])
    expect(faultType((await wire.call(method, on)).body)).toBe('NotSupported');
  expect(faultType((await wire.call('CreateSnapshot_Task', on, snapshotArgs('x'))).body)).toBe(
    'NotSupported',
  );
});

test('a guest shuts down only with Tools running', async () => {
  await using vcenter = await simulate();
  const bare = await machine(vcenter, 'legacy-01');
  expect(faultType((await bare.wire.call('ShutdownGuest', bare.on)).body)).toBe('ToolsUnavailable');
  const off = await machine(vcenter, 'batch-01');
  expect(faultType((await off.wire.call('ShutdownGuest', off.on)).body)).toBe('InvalidPowerState');
  const { wire, vm, on } = await machine(vcenter, 'web-01');
  expect((await wire.call('ShutdownGuest', on)).status).toBe(200);
  await expect.poll(() => vm.power).toBe('poweredOff');
});

test('a running machine is not destroyed; a stopped one is gone for good', async () => {
  await using vcenter = await simulate();
  const { wire, vm, on } = await machine(vcenter, 'web-01');
  expect(await wire.task('Destroy_Task', on)).toBe('InvalidPowerState');
  expect(vcenter.inventory.get(vm.id)).toBe(vm);
  vcenter.inventory.setPower(vm, 'poweredOff', vcenter.clock.now());
  expect(await wire.task('Destroy_Task', on)).toBe('success');
  expect(faultType((await wire.retrieve('VirtualMachine', on, ['name'])).body)).toBe(
    'ManagedObjectNotFound',
  );
});

test('a new name must be free among siblings, and is kept with its slashes escaped', async () => {
  await using vcenter = await simulate({ seed: 'lab' });
  const { wire, vm, on } = await machine(vcenter, 'web-01');
  const rename = (name: string) => wire.task('Rename_Task', on, `<newName>${name}</newName>`);
  expect(await rename('web-02')).toBe('DuplicateName');
  expect(await rename('')).toBe('InvalidName');
  expect(await rename('x'.repeat(81))).toBe('InvalidName');
  expect(await rename('db-01')).toBe('success');
  expect(await rename('50%/a\\b%2f')).toBe('success');
  expect(vm.name).toBe('50%25%2fa%5cb%2f');
});

test('snapshots grow a tree, come back to their own power state, and leave their children behind', async () => {
  await using vcenter = await simulate();
  const { wire, vm, on } = await machine(vcenter, 'web-01');
  expect(await wire.task('CreateSnapshot_Task', on, snapshotArgs('disk'))).toBe('success');
  expect(await wire.task('CreateSnapshot_Task', on, snapshotArgs('memory', true))).toBe('success');
  const [disk, memory] = flat(vm.snapshots);
  expect([disk?.power, memory?.power, vm.currentSnapshot]).toEqual([
    'poweredOff',
    'poweredOn',
    memory?.id,
  ]);
  expect(disk?.children).toEqual([memory]);

  const revert = (id = '', more = '') =>
    wire.task('RevertToSnapshot_Task', `VirtualMachineSnapshot:${id}`, more);
  expect(await revert(disk?.id)).toBe('success');
  expect([vm.power, vm.currentSnapshot]).toEqual(['poweredOff', disk?.id]);
  expect(await revert(memory?.id)).toBe('success');
  expect(vm.power).toBe('poweredOn');
  expect(await revert(memory?.id, '<suppressPowerOn>true</suppressPowerOn>')).toBe('success');
  expect(vm.power).toBe('poweredOff');

  const remove = (id = '', children = false) =>
    wire.task(
      'RemoveSnapshot_Task',
      `VirtualMachineSnapshot:${id}`,
      `<removeChildren>${children}</removeChildren>`,
    );
  expect(await remove(disk?.id)).toBe('success');
  expect(vm.snapshots).toEqual([memory]);
  expect(await remove(memory?.id, true)).toBe('success');
  expect([vm.snapshots, vm.currentSnapshot]).toEqual([[], undefined]);
  expect(
    faultType(
      (await wire.call('RevertToSnapshot_Task', `VirtualMachineSnapshot:${disk?.id}`)).body,
    ),
  ).toBe('ManagedObjectNotFound');
});

test('a quiesced snapshot needs Tools', async () => {
  await using vcenter = await simulate();
  const bare = await machine(vcenter, 'legacy-01');
  expect(await bare.wire.task('CreateSnapshot_Task', bare.on, snapshotArgs('q', false, true))).toBe(
    'ToolsUnavailable',
  );
  const { wire, vm, on } = await machine(vcenter, 'web-01');
  expect(await wire.task('CreateSnapshot_Task', on, snapshotArgs('q', false, true))).toBe(
    'success',
  );
  expect(vm.snapshots[0]?.quiesced).toBe(true);
});

test('finds objects by path, by uuid and below a parent', async () => {
  await using vcenter = await simulate();
  const { wire, vm } = await machine(vcenter, 'web-01');
  const search = (method: string, inner: string) =>
    wire.call(method, 'SearchIndex:SearchIndex', inner);
  const found = `>${vm.id}<`;
  expect(vcenter.inventory.path(vm)).toBe('/DC0/vm/apps/web-01');
  expect(
    (await search('FindByInventoryPath', '<inventoryPath>DC0/vm/apps/web-01</inventoryPath>')).body,
  ).toContain(found);
  expect(
    (await search('FindByInventoryPath', '<inventoryPath>DC0/vm/web-01</inventoryPath>')).body,
  ).not.toContain('returnval');
  expect(
    (await search('FindByUuid', `<uuid>${vm.uuid}</uuid><vmSearch>true</vmSearch>`)).body,
  ).toContain(found);
  expect(
    (
      await search(
        'FindByUuid',
        `<uuid>${vm.instanceUuid}</uuid><vmSearch>true</vmSearch><instanceUuid>true</instanceUuid>`,
      )
    ).body,
  ).toContain(found);
  expect(
    (await search('FindChild', `${moref('entity', `Folder:${vm.parent}`)}<name>web-01</name>`))
      .body,
  ).toContain(found);
});
