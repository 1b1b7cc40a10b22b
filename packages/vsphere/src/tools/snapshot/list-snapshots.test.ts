import { hostileAnnotation, hostileName, type SnapshotSeed } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { allPages, hidden, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectOneVm } from '../../../test/refusals.js';
import { listSnapshots } from './list-snapshots.js';

const db = '/Lab/vm/prod/data/db-01';

test('lists a tree, parents before children, with paths and the current one', async () => {
  await using vc = await lab();
  const { items, ...envelope } = await read(vc, listSnapshots, { name: db });
  expect(items).toMatchObject([
    { name: 'nightly', path: 'nightly', is_current: false, state: 'poweredOff' },
    { name: 'before patch', path: 'nightly/before patch', is_current: true },
    { name: 'abandoned', path: 'nightly/abandoned', is_current: false, state: 'poweredOn' },
  ]);
  expect(items[1]).toEqual({
    name: 'before patch',
    id: expect.stringMatching(/^snapshot-\d+$/),
    path: 'nightly/before patch',
    description: 'CHG-1042',
    created: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    state: 'poweredOff',
    quiesced: false,
    is_current: true,
  });
  expect(envelope).toMatchObject({ returned: 3, total: 3, truncated: false, next_cursor: null });
});

test('lists nothing of a VM without snapshots', async () => {
  await using vc = await lab();
  expect(await read(vc, listSnapshots, { name: 'web-01' })).toMatchObject({
    items: [],
    total: 0,
    truncated: false,
  });
});

test('walks the pages of a deep tree with equal names without loss or repetition', async () => {
  const again = (levels: number): SnapshotSeed => ({
    name: 'again',
    children: levels > 1 ? [again(levels - 1)] : [],
  });
  await using vc = await lab({
    seed: { vms: [{ name: 'web-01', snapshots: [again(6), again(6)] }] },
  });
  const whole = await read(vc, listSnapshots, { name: 'web-01' });
  const { rows, pages } = await allPages((cursor) =>
    read(vc, listSnapshots, { name: 'web-01', limit: 5, cursor }),
  );
  expect(rows).toEqual(whole.items);
  expect(pages).toBe(3);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(12);
});

test('lets hostile names and descriptions out clean', async () => {
  await using vc = await lab({
    seed: {
      vms: [{ name: 'web-01', snapshots: [{ name: hostileName, description: hostileAnnotation }] }],
    },
  });
  const { items } = await read(vc, listSnapshots, { name: 'web-01' });
  expect(items).toMatchObject([{ name: expect.stringMatching(/^payroll/) }]);
  for (const text of [items[0]?.name, items[0]?.path, items[0]?.description])
    expect(text).not.toMatch(hidden);
});

test('needs one unmistakable VM', () => expectOneVm(listSnapshots));
