import { join } from 'node:path';
import { checkToolset } from '@vmware/policy/testing';
import { expect, test } from 'vitest';
import { deleteSnapshot } from '../src/tools/snapshot/delete-snapshot.js';
import { deleteVm } from '../src/tools/vm/delete-vm.js';
import { vsphere } from '../src/toolset.js';
import { changesAt, lab } from './lab.js';

test('every card keeps the rules of the house', () => {
  expect(checkToolset(vsphere, join(import.meta.dirname, '../src/tools'))).toEqual([]);
});

/** An input for every changing tool, on VMs of the seed `lab` that allow the change. */
const changes = {
  rename_vm: { name: 'web-01', new_name: 'web-01-renamed' },
  delete_vm: { name: 'web-02' },
  power_on: { name: 'ci-runner-01' },
  power_off: { name: 'web-03' },
  shutdown_guest: { name: 'web-04' },
  suspend_vm: { name: 'web-05' },
  create_snapshot: { name: 'web-06', snapshot_name: 'contract' },
  revert_to_snapshot: { name: 'app-01', snapshot_name: '' },
  delete_snapshot: { name: 'app-01', snapshot_name: '' },
};

const changing = Object.values(vsphere.groups)
  .flat()
  .filter((tool) => tool.effect !== 'read');

test('every changing tool has an input in this table', () => {
  expect(Object.keys(changes).sort()).toEqual(changing.map(({ name }) => name).sort());
});

for (const tool of changing)
  test(`${tool.name}: a preview changes nothing, and what it shows is exactly what is then sent`, async () => {
    await using vc = await lab();
    const input: Record<string, unknown> = { ...changes[tool.name as keyof typeof changes] };
    if (input['snapshot_name'] === '') {
      await vc.change(
        vsphere.groups['snapshot']?.[1] as never,
        { name: 'app-01', snapshot_name: 'contract' } as never,
      );
      input['snapshot_name'] = 'contract';
    }
    const before = changesAt(vc.sim).length;
    const preview = await vc.call(tool, input);
    expect(preview).toMatchObject({ status: 'preview', plan: { blockers: [], unmeasured: [] } });
    expect(changesAt(vc.sim)).toHaveLength(before);

    const { plan } = preview as Extract<typeof preview, { status: 'preview' }>;
    expect(plan.requests.length).toBeGreaterThan(0);
    expect(plan.blast_radius.objects.length).toBeGreaterThan(0);
    expect(await vc.agree(tool, input, preview)).toMatchObject({ status: 'done' });
    expect(changesAt(vc.sim).slice(before)).toEqual(plan.requests);
  });

test('tools that cannot be undone say so', async () => {
  await using vc = await lab();
  const preview = await vc.call(deleteVm, { name: 'web-01' });
  expect(preview).toMatchObject({ plan: { blast_radius: { reversible: false } } });
  expect(deleteSnapshot.effect).toBe('destroy');
});
