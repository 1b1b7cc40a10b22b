import { expect, test } from 'vitest';
import { type Failure, type FaultRule, simulate } from '../src/index.js';
import { faultType, Wire } from './wire.js';

async function lab(...faults: FaultRule[]) {
  const vcenter = await simulate({ faults });
  const wire = new Wire(vcenter);
  await wire.login();
  const vm = vcenter.inventory.find('vm', 'batch-01');
  if (!vm) throw new Error('there is no batch-01');
  const on = `VirtualMachine:${vm.id}`;
  return { vcenter, vm, wire, on, powerOn: () => wire.call('PowerOnVM_Task', on) };
}

/** A rule for the next power-on, unless it says otherwise. */
const rule = (how: Failure, more: FaultRule = {}): FaultRule => ({
  match: { method: 'PowerOnVM_Task' },
  ...more,
  then: how,
});

test('a connection dropped before acting changes nothing; one dropped after has changed', async () => {
  const before = await lab(rule({ drop: 'before-acting' }));
  await using _before = before.vcenter;
  await expect(before.powerOn()).rejects.toThrow(/socket hang up/);
  expect(before.vcenter.tasks.recent).toEqual([]);

  const after = await lab(rule({ drop: 'after-acting' }));
  await using _after = after.vcenter;
  await expect(after.powerOn()).rejects.toThrow(/socket hang up/);
  await expect.poll(() => after.vm.power).toBe('poweredOn');
});

test('an HTTP status, a fault and a cut answer come as written', async () => {
  const { vcenter, wire, on, powerOn } = await lab(
    rule({ status: 503, headers: { 'retry-after': '2' } }),
    rule({ fault: 'HostNotConnected' }),
    rule({ cutAfterBytes: 300 }, { match: { method: 'RetrievePropertiesEx' } }),
  );
  await using _ = vcenter;
  const busy = await powerOn();
  expect([busy.status, busy.headers['retry-after']]).toEqual([503, '2']);
  expect(faultType((await powerOn()).body)).toBe('HostNotConnected');
  expect(vcenter.tasks.recent).toEqual([]);
  await expect(wire.retrieve('VirtualMachine', on, ['name'])).rejects.toThrow(/aborted/);
  expect((await wire.retrieve('VirtualMachine', on, ['name'])).body).toContain('batch-01');
});

test('a task can fail with any fault, its required fields filled in', async () => {
  const { vcenter, vm, wire, on } = await lab(
    rule({ taskError: 'InsufficientResourcesFault' }),
    rule({ taskError: 'DuplicateName' }),
  );
  await using _ = vcenter;
  expect(await wire.task('PowerOnVM_Task', on)).toBe('InsufficientResourcesFault');
  expect(await wire.task('PowerOnVM_Task', on)).toBe('DuplicateName');
  expect(vm.power).toBe('poweredOff');
  expect(await wire.task('PowerOnVM_Task', on)).toBe('success');
});

test('applies from the nth request, so many times, on one object only', async () => {
  const { vcenter, wire, on } = await lab(
    rule({ status: 502 }, { match: { method: 'RetrievePropertiesEx', nth: 2 }, times: 2 }),
  );
  await using _ = vcenter;
  const statuses: number[] = [];
  for (let i = 0; i < 4; i += 1)
    statuses.push((await wire.retrieve('VirtualMachine', on, ['name'])).status);
  expect(statuses).toEqual([200, 502, 502, 200]);
  vcenter.faults.add(
    rule(
      { status: 500 },
      { match: { on: 'VirtualMachine:vm-0' }, times: Number.POSITIVE_INFINITY },
    ),
  );
  expect(await wire.task('PowerOnVM_Task', on)).toBe('success');
});

test('a request that hangs is let go when the simulation ends', async () => {
  const { vcenter, powerOn } = await lab(rule('hang'));
  const hanging = powerOn();
  await expect.poll(() => vcenter.requests.length).toBe(2);
  const settled = expect(hanging).rejects.toThrow();
  await vcenter[Symbol.asyncDispose]();
  await settled;
});
