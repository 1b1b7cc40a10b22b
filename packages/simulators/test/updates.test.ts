import { expect, test } from 'vitest';
import { simulate } from '../src/index.js';
import { faultType, moref, Wire } from './wire.js';

/** A private collector with one filter on one object. */
async function watch(wire: Wire, type: string, on: string, path: string) {
  const made = await wire.call('CreatePropertyCollector', 'PropertyCollector:propertyCollector');
  const collector = `PropertyCollector:${/<returnval[^>]*>([^<]+)</.exec(made.body)?.[1]}`;
  const filter = await wire.call(
    'CreateFilter',
    collector,
    `<spec><propSet><type>${type}</type><pathSet>${path}</pathSet></propSet><objectSet>${moref('obj', on)}</objectSet></spec><partialUpdates>false</partialUpdates>`,
  );
  expect(filter.status).toBe(200);
  const wait = (version: string, seconds = 10) =>
    wire.call(
      'WaitForUpdatesEx',
      collector,
      `<version>${version}</version><options><maxWaitSeconds>${seconds}</maxWaitSeconds></options>`,
    );
  return { collector, wait };
}

const versionOf = (body: string) => /<version>([^<]+)</.exec(body)?.[1] ?? '';

async function lab(options = {}) {
  const vcenter = await simulate(options);
  const wire = new Wire(vcenter);
  await wire.login();
  const vm = vcenter.inventory.find('vm', 'batch-01');
  if (!vm) throw new Error('there is no batch-01');
  return { vcenter, wire, vm, on: `VirtualMachine:${vm.id}` };
}

test('tells the whole state first, then what changed, when it changes', async () => {
  const { vcenter, wire, vm, on } = await lab();
  await using _ = vcenter;
  const { wait } = await watch(wire, 'VirtualMachine', on, 'runtime.powerState');
  const first = await wait('');
  expect(first.body).toMatch(/<kind>enter<.*>poweredOff</);
  const waiting = wait(versionOf(first.body));
  vcenter.inventory.setPower(vm, 'poweredOn', vcenter.clock.now());
  const second = await waiting;
  expect(second.body).toMatch(/<kind>modify<.*<op>assign<.*>poweredOn</);
  expect((await wait(versionOf(second.body), 0)).body).not.toContain('<returnval>');
  vcenter.inventory.remove(vm);
  expect((await wait(versionOf(second.body))).body).toContain('<kind>leave<');
});

test('repeats an answer that was lost and refuses a version it never gave', async () => {
  const { vcenter, wire, vm, on } = await lab();
  await using _ = vcenter;
  const { wait } = await watch(wire, 'VirtualMachine', on, 'name');
  const first = versionOf((await wait('')).body);
  vcenter.inventory.rename(vm, 'renamed');
  const second = await wait(first);
  expect(second.body).toContain('renamed');
  expect((await wait(first)).body).toBe(second.body);
  expect(faultType((await wait('99')).body)).toBe('InvalidCollectorVersion');
});

test('a wait can be cancelled from beside it', async () => {
  const { vcenter, wire, on } = await lab();
  await using _ = vcenter;
  const { wait, collector } = await watch(wire, 'VirtualMachine', on, 'name');
  const waiting = wait(versionOf((await wait('')).body), 600);
  await expect
    .poll(() => vcenter.requests.filter(({ method }) => method === 'WaitForUpdatesEx').length)
    .toBe(2);
  await wire.call('CancelWaitForUpdates', collector);
  expect(faultType((await waiting).body)).toBe('RequestCanceled');
});

test('a task runs through its states, and shows in recentTask', async () => {
  const { vcenter, wire, on } = await lab({ taskMilliseconds: 80 });
  await using _ = vcenter;
  const started = await wire.call('PowerOnVM_Task', on);
  const task = `Task:${/<returnval type="Task">([^<]+)</.exec(started.body)?.[1]}`;
  const { wait } = await watch(wire, 'Task', task, 'info');
  const states: string[] = [];
  for (let version = ''; states.at(-1) !== 'success'; ) {
    const { body } = await wait(version);
    states.push(/<state>(\w+)</.exec(body)?.[1] ?? body);
    version = versionOf(body);
  }
  expect([...new Set(states)]).toEqual(['queued', 'running', 'success']);
  const recent = await wire.retrieve('TaskManager', 'TaskManager:TaskManager', ['recentTask']);
  expect(recent.body).toContain(`>${task.slice(5)}<`);
  vcenter.clock.advance(11 * 60_000);
  expect(vcenter.tasks.recent).toEqual([]);
});

test('a second change of the same machine is refused while the first runs', async () => {
  const { vcenter, wire, on } = await lab({ taskMilliseconds: 100 });
  await using _ = vcenter;
  const ends = await Promise.all([
    wire.task('PowerOnVM_Task', on),
    wire.task('PowerOnVM_Task', on),
  ]);
  expect(ends.sort()).toEqual(['TaskInProgress', 'success']);
});

test('only a task that can be cancelled is, and it changes nothing then', async () => {
  const { vcenter, wire, vm, on } = await lab();
  await using _ = vcenter;
  vcenter.faults.add({ match: { method: 'PowerOnVM_Task' }, then: 'taskHangs' });
  const started = await wire.call('PowerOnVM_Task', on);
  const task = `Task:${/<returnval type="Task">([^<]+)</.exec(started.body)?.[1]}`;
  expect((await wire.call('CancelTask', task)).status).toBe(200);
  expect((await wire.retrieve('Task', task, ['info.error'])).body).toContain('RequestCanceled');
  expect(faultType((await wire.call('CancelTask', task)).body)).toBe('InvalidState');
  expect(vm.power).toBe('poweredOff');
});
