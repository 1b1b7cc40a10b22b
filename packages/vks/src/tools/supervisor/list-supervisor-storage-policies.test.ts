import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { listSupervisorStoragePolicies } from './list-supervisor-storage-policies.js';

test('storage policies are listed by name, with their ids', async () => {
  await using at = await lab();
  const { items, total } = await read(at, listSupervisorStoragePolicies, {});
  expect(items.map(({ name }) => name)).toEqual(['gold', 'silver']);
  expect(items[0]).toMatchObject({
    policy: expect.stringMatching(/^[0-9a-f-]{36}$/),
    description: 'Mirrored flash',
  });
  expect(total).toBe(2);
});

test('a page goes on where the one before ended', async () => {
  await using at = await lab();
  const first = await read(at, listSupervisorStoragePolicies, { limit: 1 });
  expect(first).toMatchObject({ returned: 1, total: 2, truncated: true });
  const second = await read(at, listSupervisorStoragePolicies, { cursor: first.next_cursor ?? '' });
  expect(second.items.map(({ name }) => name)).toEqual(['silver']);
});
