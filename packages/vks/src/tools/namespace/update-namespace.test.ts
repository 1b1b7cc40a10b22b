import { expect, test } from 'vitest';
import { change, planOf, problemOf, read } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import { getNamespace } from './get-namespace.js';
import { updateNamespace } from './update-namespace.js';

test('what is added to a list leaves everything else of it where it was', async () => {
  await using at = await lab();
  const before = await read(at, getNamespace, { name: 'prod' });
  await change(at, updateNamespace, {
    name: 'prod',
    storage_policy: 'silver',
    storage_limit_mib: 4096,
    add_vm_classes: ['best-effort-large'],
    add_content_libraries: ['vm-images'],
  });
  const after = await read(at, getNamespace, { name: 'prod' });
  expect(after.storage).toEqual([
    ...before.storage,
    expect.objectContaining({ name: 'silver', limit_mib: 4096 }),
  ]);
  expect(after.vm_classes).toEqual([...before.vm_classes, 'best-effort-large']);
  expect(after.content_libraries).toHaveLength(2);
  expect(after).toMatchObject({ access: before.access, memory_limit_mib: before.memory_limit_mib });
});

test('what is removed goes alone, and the last storage policy stays', async () => {
  await using at = await lab();
  await change(at, updateNamespace, {
    name: 'dev',
    remove_vm_classes: ['best-effort-large'],
    remove_storage_policy: 'silver',
  });
  const after = await read(at, getNamespace, { name: 'dev' });
  expect(after.vm_classes).not.toContain('best-effort-large');
  expect(after.vm_classes).toContain('best-effort-medium');
  expect(after.storage.map(({ name }) => name)).toEqual(['gold']);
  expect(
    (await planOf(at, updateNamespace, { name: 'dev', remove_storage_policy: 'gold' })).blockers,
  ).toEqual(['It would have no storage policy left.']);
});

test('a limit below what is in use is refused with the arithmetic', async () => {
  await using at = await lab();
  const { blockers } = await planOf(at, updateNamespace, { name: 'dev', memory_limit_mib: 80_000 });
  expect(blockers).toEqual([
    'memory_limit 80000 MiB is less than the 81920 MiB in use: 1920 MiB too little.',
  ]);
});

test('the plan shows what is and what will be', async () => {
  await using at = await lab();
  const { changes } = await planOf(at, updateNamespace, {
    name: 'dev',
    cpu_limit: 50_000,
    description: 'Dev',
  });
  expect(changes).toEqual(['cpu_limit: 40000 MHz → 50000 MHz', 'description: Development → Dev']);
});

test('nothing to change sends nothing', async () => {
  await using at = await lab();
  expect(
    await change(at, updateNamespace, { name: 'dev', memory_limit_mib: 262_144 }),
  ).toMatchObject({
    status: 'no_changes',
  });
  expect(changesAt(at.sim)).toEqual([]);
});

test('a limit of a policy that is not named is refused', async () => {
  await using at = await lab();
  expect(await problemOf(at, updateNamespace, { name: 'dev', storage_limit_mib: 5 })).toMatchObject(
    {
      code: 'INVALID_INPUT',
      remedy: 'Give storage_policy too.',
    },
  );
});
