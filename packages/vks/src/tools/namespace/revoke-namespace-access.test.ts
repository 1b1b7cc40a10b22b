import { expect, test } from 'vitest';
import { change, planOf, problemOf, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { getNamespace } from './get-namespace.js';
import { revokeNamespaceAccess } from './revoke-namespace-access.js';

test('one loses the role, and nobody else', async () => {
  await using at = await lab();
  await change(at, revokeNamespaceAccess, { name: 'dev', subject: 'developer@vsphere.local' });
  const { access } = await read(at, getNamespace, { name: 'dev' });
  expect(access.map(({ subject }) => subject)).toEqual([
    'readonly@vsphere.local',
    'group:developers@corp.local',
  ]);
});

test('the last owner is told to be the last', async () => {
  await using at = await lab();
  const { changes } = await planOf(at, revokeNamespaceAccess, {
    name: 'prod',
    subject: 'group:sre@corp.local',
  });
  expect(changes).toEqual([
    'role of group:sre@corp.local: OWNER → none',
    'nobody is its owner then',
  ]);
});

test('who has no role is answered with who has', async () => {
  await using at = await lab();
  expect(
    await problemOf(at, revokeNamespaceAccess, { name: 'edge', subject: 'mallory@corp.local' }),
  ).toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('developer@vsphere.local'),
  });
});
