import { expect, test } from 'vitest';
import { change, planOf, problemOf, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { getNamespace } from './get-namespace.js';
import { grantNamespaceAccess } from './grant-namespace-access.js';

test('somebody new gets a role, and the others keep theirs', async () => {
  await using at = await lab();
  const before = await read(at, getNamespace, { name: 'edge' });
  await change(at, grantNamespaceAccess, {
    name: 'edge',
    subject: 'group:ops@corp.local',
    role: 'VIEW',
  });
  expect((await read(at, getNamespace, { name: 'edge' })).access).toEqual([
    ...before.access,
    { subject: 'group:ops@corp.local', role: 'VIEW' },
  ]);
});

test('another role takes the place of the one there was, and the plan says so', async () => {
  await using at = await lab();
  const input = { name: 'edge', subject: 'developer@vsphere.local', role: 'OWNER' } as const;
  expect((await planOf(at, grantNamespaceAccess, input)).changes).toEqual([
    'role of developer@vsphere.local: VIEW → OWNER',
  ]);
  await change(at, grantNamespaceAccess, input);
  expect((await read(at, getNamespace, { name: 'edge' })).access).toEqual([
    { subject: 'developer@vsphere.local', role: 'OWNER' },
  ]);
});

test.each(['alice', '@vsphere.local', 'a b@c', 'user:alice@vsphere.local@x'])(
  '"%s" names nobody',
  async (subject) => {
    await using at = await lab();
    expect(
      await problemOf(at, grantNamespaceAccess, { name: 'edge', subject, role: 'VIEW' }),
    ).toMatchObject({
      code: 'INVALID_INPUT',
    });
  },
);

test('a domain that vCenter does not know is refused in its words', async () => {
  await using at = await lab();
  const input = { name: 'edge', subject: 'alice@nowhere.test', role: 'VIEW' } as const;
  const outcome = await at.agree(
    grantNamespaceAccess,
    input,
    await at.call(grantNamespaceAccess, input),
  );
  expect(outcome).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('nowhere.test'),
  });
});
