import { expect, test } from 'vitest';
import { kubeUserOf, type VksUser } from '../src/wcp/accounts.js';
import { enter, root } from './wcp-wire.js';

const password = 'Simulated-1!';
const onSupervisor = (user: VksUser, world: Parameters<typeof kubeUserOf>[1]) => {
  const { role, namespaces } = kubeUserOf(user, world);
  return [role, namespaces];
};

test('an administrator is one on Supervisors too, and others are what access lists make them', async () => {
  await using there = await enter();
  const roles = there.users.map((user) => onSupervisor(user, there.world));
  expect(roles).toEqual([
    ['admin', undefined],
    ['edit', undefined],
    ['edit', ['dev']],
    ['view', ['dev', 'prod']],
  ]);
});

test('a role that is given or taken over the API counts from the next request on', async () => {
  await using there = await enter();
  const alice: VksUser = { username: 'Alice@vsphere.local', password, role: 'noaccess' };
  const user = kubeUserOf(alice, there.world);
  expect(user.role).toBe('none');
  const at = `${root}/edge/access/vsphere.local/alice?type=USER`;
  await there.wire.send('POST', at, { role: 'VIEW' });
  expect([user.role, user.namespaces]).toEqual(['view', ['edge']]);
  await there.wire.send('PUT', at, { role: 'OWNER' });
  expect([user.role, user.namespaces]).toEqual(['edit', ['edge']]);
  await there.wire.send('DELETE', at);
  expect([user.role, user.namespaces]).toEqual(['none', []]);
});

test('a group counts for its members, and a user of that name for nobody in it', async () => {
  await using there = await enter();
  const member = { username: 'bob@corp.local', password, role: 'noaccess' } as const;
  const groups = ['SRE@corp.local'];
  expect(onSupervisor({ ...member, groups }, there.world)).toEqual(['edit', ['prod']]);
  expect(onSupervisor(member, there.world)).toEqual(['none', []]);
  const at = `${root}/dev/access/corp.local/sre?type=USER`;
  await there.wire.send('POST', at, { role: 'EDIT' });
  expect(onSupervisor({ ...member, groups }, there.world)).toEqual(['edit', ['prod']]);
});
