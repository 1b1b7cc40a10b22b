import { join } from 'node:path';
import { checkToolset } from '@vmware/policy/testing';
import { expect, test } from 'vitest';
import { deleteSnapshot } from '../src/tools/snapshot/delete-snapshot.js';
import { deleteVm } from '../src/tools/vm/delete-vm.js';
import { vsphere } from '../src/toolset.js';
import { changing, inputFor, inputs } from './changes.js';
import { changesAt, lab } from './lab.js';

test('every card keeps the rules of the house', () => {
  expect(checkToolset(vsphere, join(import.meta.dirname, '../src/tools'))).toEqual([]);
});

test('every changing tool has an input in this table', () => {
  expect(Object.keys(inputs).sort()).toEqual(changing.map(({ name }) => name).sort());
});

for (const tool of changing)
  test(`${tool.name}: a preview changes nothing, and what it shows is exactly what is then sent`, async () => {
    await using vc = await lab();
    const input = inputFor(tool);
    const preview = await vc.call(tool, input);
    expect(preview).toMatchObject({ status: 'preview', plan: { blockers: [], unmeasured: [] } });
    expect(changesAt(vc.sim)).toEqual([]);

    const { plan } = preview as Extract<typeof preview, { status: 'preview' }>;
    expect(plan.requests.length).toBeGreaterThan(0);
    expect(plan.blast_radius.objects.length).toBeGreaterThan(0);
    expect(await vc.agree(tool, input, preview)).toMatchObject({ status: 'done' });
    expect(changesAt(vc.sim)).toEqual(plan.requests);
  });

test('tools that cannot be undone say so', async () => {
  await using vc = await lab();
  const preview = await vc.call(deleteVm, { name: 'web-01' });
  expect(preview).toMatchObject({ plan: { blast_radius: { reversible: false } } });
  expect(deleteSnapshot.effect).toBe('destroy');
});
