import { hostileAnnotation, hostileName } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { hidden, read, requestsOf } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectIdsChecked, expectRole, expectStopped } from '../../../test/refusals.js';
import { getDfwPolicy } from './get-dfw-policy.js';

const policies = '/infra/domains/default/security-policies';

test('tells everything of a policy, who locked it too', async () => {
  await using nsx = await lab();
  expect(await read(nsx, getDfwPolicy, { policy_id: 'pci-locked' })).toEqual({
    id: 'pci-locked',
    display_name: 'pci-locked',
    description: '',
    category: 'Application',
    sequence_number: 5,
    stateful: true,
    tcp_strict: false,
    locked: true,
    locked_by: 'admin2',
    is_default: false,
    scope: ['ANY'],
    tags: [],
    path: `${policies}/pci-locked`,
    _revision: 0,
  });
});

test('a default policy says that it is one', async () => {
  await using nsx = await lab();
  const { is_default } = await read(nsx, getDfwPolicy, { policy_id: 'default-layer3-section' });
  expect(is_default).toBe(true);
});

test('a policy that is not there: where it was looked for, and the command that lists them', async () => {
  await using nsx = await lab();
  const { message, remedy } = await expectStopped(
    nsx,
    getDfwPolicy,
    { policy_id: 'no such' },
    'NOT_FOUND',
  );
  expect(message).toBe(`There is no ${policies}/no such in the scope default.`);
  expect(remedy).toContain('`vmware-nsx-security policy list`');
});

test.each(['a b', 'größe', '名前', 'a%20b', "it's", 'a?b#c', 'A', 'x;y=z', '100%'])(
  'the id %s reaches its object and no other',
  async (id) => {
    await using nsx = await lab({
      estate: [
        { path: `${policies}/${id}`, resource_type: 'SecurityPolicy', display_name: 'This one' },
        { path: `${policies}/a`, resource_type: 'SecurityPolicy', display_name: 'Another' },
      ],
    });
    const routes = await requestsOf(nsx.sim, async () => {
      const { display_name, path } = await read(nsx, getDfwPolicy, { policy_id: id });
      expect({ display_name, path }).toEqual({
        display_name: 'This one',
        path: `${policies}/${id}`,
      });
    });
    expect(routes).toHaveLength(2);
  },
);

test('reads in the scope it is told', async () => {
  await using nsx = await lab();
  const vpc = { policy_id: 'backends', nsx_scope: 'vpc:shop-project/shop-vpc' };
  expect((await read(nsx, getDfwPolicy, vpc)).path).toBe(
    '/orgs/default/projects/shop-project/vpcs/shop-vpc/security-policies/backends',
  );
  await expectStopped(nsx, getDfwPolicy, { policy_id: 'backends' }, 'NOT_FOUND');
});

test('hostile text comes out clean', async () => {
  const path = `${policies}/odd`;
  const tags = [{ scope: hostileName, tag: hostileName }];
  await using nsx = await lab({
    estate: [
      {
        path,
        resource_type: 'SecurityPolicy',
        display_name: hostileName,
        description: hostileAnnotation,
        tags,
        locked: true,
        lock_modified_by: hostileName,
      },
    ],
  });
  const policy = await read(nsx, getDfwPolicy, { policy_id: 'odd' });
  expect(JSON.stringify(policy)).not.toMatch(hidden);
  expect(policy.description).toContain('Owner: finance');
});

test('ids that no path can hold', () =>
  expectIdsChecked(getDfwPolicy, { policy_id: 'shop' }, 'policy_id'));
test('an auditor may look', () => expectRole(getDfwPolicy, { policy_id: 'shop' }));
