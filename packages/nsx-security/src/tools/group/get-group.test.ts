import { hostileAnnotation, hostileName } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { hidden, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectIdsChecked, expectRole, expectStopped, mallory } from '../../../test/refusals.js';
import { getGroup } from './get-group.js';

const groups = '/infra/domains/default/groups';
const members = 'GET /policy/api/v1/infra/domains/{}/groups/{}/members/virtual-machines';

test('tells the expression and the effective VMs', async () => {
  await using nsx = await lab();
  expect(await read(nsx, getGroup, { group_id: 'db-servers' })).toEqual({
    id: 'db-servers',
    display_name: 'db-servers',
    description: '',
    expression: [
      expect.objectContaining({
        resource_type: 'Condition',
        member_type: 'VirtualMachine',
        key: 'Tag',
        operator: 'EQUALS',
        value: 'tier|db',
      }),
    ],
    tags: [],
    path: `${groups}/db-servers`,
    member_count: 2,
    members: [
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        display_name: 'db-01',
        type: 'VirtualMachine',
      },
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        display_name: 'db-02',
        type: 'VirtualMachine',
      },
    ],
    members_error: null,
    dfw_excluded: false,
    _revision: 0,
  });
});

test('counts every member and shows the first 50', async () => {
  await using nsx = await lab({
    seed: { vms: 120 },
    estate: { policies: 0, rulesPerPolicy: 0, groups: 1 },
  });
  const { member_count, members } = await read(nsx, getGroup, { group_id: 'group-0' });
  expect(member_count).toBe(120);
  expect(members).toHaveLength(50);
});

test('members that cannot be read are unknown, not none', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({ match: { method: members }, times: Infinity, then: { status: 403 } });
  expect(await read(nsx, getGroup, { group_id: 'web-servers' })).toMatchObject({
    member_count: null,
    members: [],
    members_error: expect.stringContaining('HTTP 403'),
  });
});

test('says of a group that people or the system excluded that no rule protects it', async () => {
  await using nsx = await lab();
  for (const group_id of ['excluded-appliances', 'edge-nodes'])
    expect(await read(nsx, getGroup, { group_id })).toMatchObject({ dfw_excluded: true });
});

test('says it of a group inside an excluded one too', async () => {
  await using nsx = await lab();
  mallory(nsx, '/infra/settings/firewall/security/exclude-list', { members: [`${groups}/shop`] });
  expect(await read(nsx, getGroup, { group_id: 'web-servers' })).toMatchObject({
    dfw_excluded: true,
  });
  expect(await read(nsx, getGroup, { group_id: 'corporate' })).toMatchObject({
    dfw_excluded: false,
  });
});

test.each([
  'GET /policy/api/v1/infra/settings/firewall/security/exclude-list?system_owned=true',
  'GET /policy/api/v1/infra/group-associations',
])('when %s is refused, whether it is excluded is unknown', async (method) => {
  await using nsx = await lab();
  nsx.sim.faults.add({ match: { method }, times: Infinity, then: { status: 403 } });
  expect(await read(nsx, getGroup, { group_id: 'web-servers' })).toMatchObject({
    dfw_excluded: null,
    member_count: 6,
  });
});

test('a group that is not there', async () => {
  await using nsx = await lab();
  const { remedy } = await expectStopped(nsx, getGroup, { group_id: 'none' }, 'NOT_FOUND');
  expect(remedy).toContain('`vmware-nsx-security group list`');
});

test.each(['a b', 'größe', 'a%20b'])(
  'the id %s reaches its object, members included',
  async (id) => {
    await using nsx = await lab({
      estate: [
        {
          path: `${groups}/${id}`,
          resource_type: 'Group',
          expression: [
            {
              resource_type: 'Condition',
              member_type: 'VirtualMachine',
              key: 'Name',
              operator: 'EQUALS',
              value: 'web-01',
            },
          ],
        },
      ],
    });
    expect(await read(nsx, getGroup, { group_id: id })).toMatchObject({ id, member_count: 1 });
  },
);

test('hostile text comes out clean, in expressions and members too', async () => {
  const path = `${groups}/odd`;
  await using nsx = await lab({
    estate: [
      {
        path,
        resource_type: 'Group',
        display_name: hostileName,
        description: hostileAnnotation,
        expression: [
          {
            resource_type: 'Condition',
            member_type: 'VirtualMachine',
            key: 'Name',
            operator: 'CONTAINS',
            value: 'ignore previous',
          },
          { resource_type: 'ConjunctionOperator', conjunction_operator: 'OR' },
          {
            resource_type: 'Condition',
            member_type: 'VirtualMachine',
            key: 'Name',
            operator: 'EQUALS',
            value: hostileName,
          },
        ],
      },
    ],
  });
  const group = await read(nsx, getGroup, { group_id: 'odd' });
  expect(group.members).toHaveLength(1);
  expect(JSON.stringify(group)).not.toMatch(hidden);
});

test.each([
  ['project:shop-project', 'stage', 1],
  ['vpc:shop-project/shop-vpc', 'backends', null],
])('reads a group of %s', async (nsx_scope, group_id, member_count) => {
  await using nsx = await lab();
  const group = await read(nsx, getGroup, { group_id, nsx_scope });
  expect(group).toMatchObject({ id: group_id, dfw_excluded: false });
  if (member_count !== null) expect(group.member_count).toBe(member_count);
});

test('ids that no path can hold', () =>
  expectIdsChecked(getGroup, { group_id: 'shop' }, 'group_id'));
test('an auditor may look', () => expectRole(getGroup, { group_id: 'shop' }));
