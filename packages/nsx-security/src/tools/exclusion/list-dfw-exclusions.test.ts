import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectRole } from '../../../test/refusals.js';
import { listDfwExclusions } from './list-dfw-exclusions.js';

const groups = '/infra/domains/default/groups';
const route = 'GET /policy/api/v1/infra/settings/firewall/security/exclude-list';

test('lists the groups of the system and of people, with their VMs', async () => {
  await using nsx = await lab();
  const found = await read(nsx, listDfwExclusions, {});
  expect(found).toMatchObject({ total: 2, scope: 'system_and_user' });
  expect(found.items).toMatchObject([
    { id: 'edge-nodes', path: `${groups}/edge-nodes`, vm_count: 1, members_error: null },
    {
      id: 'excluded-appliances',
      display_name: 'excluded-appliances',
      vm_count: 1,
      virtual_machines: [{ display_name: 'appliance-01' }],
      members_error: null,
    },
  ]);
});

test('where the system part cannot be shown, it says that only the other is', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({ match: { method: `${route}?system_owned=true` }, then: { status: 400 } });
  const found = await read(nsx, listDfwExclusions, {});
  expect(found.scope).toBe('user');
  expect(found.items.map(({ id }) => id)).toEqual(['excluded-appliances']);
});

test('members that cannot be read are unknown, not none', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({
    match: {
      method: 'GET /policy/api/v1/infra/domains/{}/groups/{}/members/virtual-machines',
      on: `/policy/api/v1${groups}/excluded-appliances/members/virtual-machines`,
    },
    then: { status: 403 },
  });
  const found = await read(nsx, listDfwExclusions, {});
  expect(found.items.find(({ id }) => id === 'excluded-appliances')).toMatchObject({
    vm_count: null,
    virtual_machines: [],
    members_error: expect.stringContaining('403'),
  });
});

test('a group that is gone is listed by its id', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({
    match: {
      method: 'GET /policy/api/v1/infra/domains/{}/groups/{}',
      on: `/policy/api/v1${groups}/excluded-appliances`,
    },
    then: { status: 404 },
  });
  const found = await read(nsx, listDfwExclusions, {});
  expect(found.items.find(({ id }) => id === 'excluded-appliances')).toMatchObject({
    display_name: null,
  });
});

test('the list not being readable at all is an error, not an empty list', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({ match: { method: `${route}?system_owned=true` }, then: { status: 500 } });
  expect(await nsx.call(listDfwExclusions, {})).toMatchObject({
    status: 'failed',
    code: 'UPSTREAM',
  });
});

test('the role auditor is enough', () => expectRole(listDfwExclusions, {}));
