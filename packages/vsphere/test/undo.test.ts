import { takeBack } from '@vmware/policy/testing';
import type { Simulation } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { powerOff } from '../src/tools/power/power-off.js';
import { vmOf } from './answer.js';
import { changing, inputFor } from './changes.js';
import { lab } from './lab.js';

/** What undoing puts back: names, power states, snapshots. */
const state = (sim: Simulation) =>
  sim.inventory.all('vm').map(({ id, name, power, snapshots }) => ({
    id,
    name,
    power,
    snapshots: JSON.stringify(snapshots),
  }));

for (const tool of changing)
  test(`${tool.name}: what says it can be undone is undone, and the VMs are as they were`, async () => {
    await using vc = await lab();
    const before = state(vc.sim);
    // A guest that was asked to shut down takes its time.
    const taken = await takeBack(vc, tool, inputFor(tool), async () => {
      if (tool.name !== 'shutdown_guest') return;
      await expect.poll(() => vmOf(vc.sim, 'web-04').power).toBe('poweredOff');
    });
    if (!taken) return expect(tool.effect).toBe('destroy');
    expect(taken.undone).toMatchObject({ status: 'done' });
    expect(state(vc.sim)).toEqual(before);
  });

test('a VM that was changed since is left as it is', async () => {
  await using vc = await lab();
  const vm = vc.sim.inventory.find('vm', 'web-01');
  const taken = await takeBack(vc, powerOff, { name: 'web-01' }, () => {
    if (vm) vc.sim.inventory.setPower(vm, 'suspended', vc.sim.clock.now());
  });
  expect(taken?.undone).toMatchObject({
    status: 'refused',
    code: 'CONFLICT',
    message: expect.stringContaining('power_state: "poweredOff" then, "suspended" now'),
  });
  expect(vm?.power).toBe('suspended');
});
