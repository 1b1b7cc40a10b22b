import { expect, test } from 'vitest';
import { labWithTools } from '../../../test/own-tools.js';

test('the last rows come oldest first, and a hint says how many there are', async () => {
  await using at = await labWithTools();
  expect(await at.read('list_audit_events', { last: 2 })).toMatchObject({
    items: [
      {
        seq: 2,
        tool: 'get_counter',
        status: 'denied',
        target: 'prod',
        summary: expect.stringContaining('name'),
      },
      { seq: 3, tool: 'raise_counter', status: 'preview', summary: 'Raise blue ()' },
    ],
    returned: 2,
    total: 3,
    truncated: true,
    hint: expect.stringContaining('The last 2 of 3 rows'),
  });
});

test.each([
  [{ status: 'denied' }, [2]],
  [{ tool: 'get_counter' }, [1, 2]],
  [{ skill: 'vmware-counters', target: 'lab' }, [1, 3]],
  [{ skill: 'vsphere' }, []],
  [{ user: 'nobody' }, []],
  [{ since: '1h' }, [1, 2, 3]],
  [{ since: '2999-01-01T00:00:00Z' }, []],
  [{ tool: "x' OR '1'='1" }, []],
])('filtered by %j', async (filter, seqs) => {
  await using at = await labWithTools();
  const { items } = await at.read('list_audit_events', filter);
  expect((items as { seq: number }[]).map(({ seq }) => seq)).toEqual(seqs);
});

test('a time that is none is refused with an example', async () => {
  await using at = await labWithTools();
  expect(await at.ask('list_audit_events', { since: 'yesterday' })).toMatchObject({
    status: 'failed',
    code: 'INVALID_INPUT',
    remedy: expect.stringContaining('--since 24h'),
  });
});
