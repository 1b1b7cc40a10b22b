import { expect, test } from 'vitest';
import { problemOf, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { getNamespace } from './get-namespace.js';

test('one namespace is told with limits, use, storage by name, classes and people', async () => {
  await using at = await lab();
  expect(await read(at, getNamespace, { name: 'dev' })).toMatchObject({
    supervisor_name: 'supervisor-a',
    config_status: 'RUNNING',
    memory_limit_mib: 262_144,
    memory_used_mib: 81_920,
    storage: [
      { name: 'gold', limit_mib: 1_048_576 },
      { name: 'silver', limit_mib: null },
    ],
    vm_classes: expect.arrayContaining(['best-effort-medium']),
    access: expect.arrayContaining([{ subject: 'group:developers@corp.local', role: 'EDIT' }]),
  });
});

test('a name with a slip is answered with the nearest', async () => {
  await using at = await lab();
  expect(await problemOf(at, getNamespace, { name: 'prd' })).toMatchObject({
    code: 'NOT_FOUND',
    remedy: expect.stringContaining('Did you mean prod?'),
  });
});

test.each(['', 'A', 'a_b', '-a', 'a/b', '..', 'a'.repeat(64), 'ünï'])(
  '"%s" is no DNS label, and nothing is asked for it',
  async (name) => {
    await using at = await lab();
    expect(await problemOf(at, getNamespace, { name })).toMatchObject({ code: 'INVALID_INPUT' });
    expect(at.sim.vcenter.requests).toEqual([]);
  },
);
