import { expect, test } from 'vitest';
import { change, read } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import {
  expectBlocked,
  expectIdsChecked,
  expectRole,
  expectStopped,
  objectAt,
  planOf,
  whileSent,
} from '../../../test/refusals.js';
import { createDfwPolicy } from './create-dfw-policy.js';
import { getDfwPolicy } from './get-dfw-policy.js';

const policies = '/infra/domains/default/security-policies';
const input = { policy_id: 'billing', display_name: 'Billing' };

test('creates an empty policy with one PUT that has no revision', async () => {
  await using nsx = await lab();
  expect(
    await change(nsx, createDfwPolicy, {
      ...input,
      category: 'Environment',
      sequence_number: 42,
      stateful: false,
      description: 'What bills',
    }),
  ).toEqual({
    id: 'billing',
    display_name: 'Billing',
    category: 'Environment',
    sequence_number: 42,
    stateful: false,
    path: `${policies}/billing`,
    _revision: 0,
  });
  expect(changesAt(nsx.sim)).toEqual([
    `PUT /policy/api/v1${policies}/billing {"resource_type":"SecurityPolicy","display_name":"Billing","category":"Environment","sequence_number":42,"stateful":false,"description":"What bills"}`,
  ]);
  expect(await read(nsx, getDfwPolicy, { policy_id: 'billing' })).toMatchObject({
    description: 'What bills',
    stateful: false,
  });
});

test('without more it is stateful, in Application, at 10', async () => {
  await using nsx = await lab();
  expect(await change(nsx, createDfwPolicy, input)).toMatchObject({
    category: 'Application',
    sequence_number: 10,
    stateful: true,
  });
});

test('the preview sends nothing and says what would be made', async () => {
  await using nsx = await lab();
  const plan = await planOf(nsx, createDfwPolicy, input);
  expect(plan).toMatchObject({
    summary: 'Create the policy Billing (billing) in Application',
    changes: [`create ${policies}/billing, without rules`],
    blast_radius: { total: 1, reversible: true },
    blockers: [],
    unmeasured: [],
  });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('an id that exists is refused, and nothing is sent', async () => {
  await using nsx = await lab();
  await expectBlocked(
    nsx,
    createDfwPolicy,
    { ...input, policy_id: 'shop' },
    `${policies}/shop exists already (shop); creating it would overwrite it.`,
  );
});

test('somebody made it after the preview: refused, theirs stays', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(createDfwPolicy, input);
  await change(nsx, createDfwPolicy, { ...input, display_name: 'Theirs' });
  expect(await nsx.agree(createDfwPolicy, input, preview)).toMatchObject({
    status: 'refused',
    code: 'BLOCKED',
    message: expect.stringContaining('exists already (Theirs)'),
  });
  expect(objectAt(nsx, `${policies}/billing`)['display_name']).toBe('Theirs');
});

test('somebody makes it while ours is on its way: CONFLICT naming them, theirs stays', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(createDfwPolicy, input);
  const theirs = { ...objectAt(nsx, `${policies}/shop-deny`), path: `${policies}/billing` };
  const quicker = whileSent(nsx, 'PUT /policy/api/v1/infra/domains/{}/security-policies/{}', () => {
    nsx.sim.world.objects.set({ ...theirs, id: 'billing', _last_modified_user: 'mallory' });
  });
  expect(await nsx.agree(createDfwPolicy, input, preview)).toMatchObject({
    status: 'failed',
    code: 'CONFLICT',
    message: expect.stringContaining('last changed by mallory'),
  });
  await quicker;
  expect(objectAt(nsx, `${policies}/billing`)['display_name']).toBe('shop-deny');
});

test.each(['Café 東京', "o'clock", 'a b', '100%'])('the id %s is made as it is', async (id) => {
  await using nsx = await lab();
  const made = await change(nsx, createDfwPolicy, { ...input, policy_id: id });
  expect(made).toMatchObject({ id, path: `${policies}/${id}` });
  expect(changesAt(nsx.sim)[0]).toContain(` /policy/api/v1${policies}/${encodeURIComponent(id)} {`);
});

test.each([
  ['project:shop-project', '/orgs/default/projects/shop-project/infra/domains/default'],
  ['vpc:shop-project/shop-vpc', '/orgs/default/projects/shop-project/vpcs/shop-vpc'],
])('creates in %s', async (nsx_scope, place) => {
  await using nsx = await lab();
  const { path } = await change(nsx, createDfwPolicy, { ...input, nsx_scope });
  expect(path).toBe(`${place}/security-policies/billing`);
});

test('creates on a Global Manager', async () => {
  await using nsx = await lab({ globalManager: true });
  await change(nsx, createDfwPolicy, { ...input, nsx_scope: 'global' });
  expect(changesAt(nsx.sim)[0]).toMatch(
    /^PUT \/global-manager\/api\/v1\/global-infra\/domains\/default\/security-policies\/billing /,
  );
});

test('what NSX could not hold is refused before anything is asked', async () => {
  await using nsx = await lab();
  for (const wrong of [
    { category: 'Default' },
    { sequence_number: -1 },
    { sequence_number: 1_000_000 },
    { display_name: '' },
    { display_name: 'x'.repeat(256) },
    { description: 'x'.repeat(1025) },
    { stateful: 'yes' },
    { colour: 'red' },
  ])
    await expectStopped(nsx, createDfwPolicy, { ...input, ...wrong }, 'INVALID_INPUT');
  expect(nsx.sim.requests).toEqual([]);
});

test('an answer that is lost: unknown, sent once, and the command that shows what happened', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(createDfwPolicy, input);
  nsx.sim.faults.add({
    match: { method: 'PUT /policy/api/v1/infra/domains/{}/security-policies/{}' },
    then: { drop: 'after-acting' },
  });
  expect(await nsx.agree(createDfwPolicy, input, preview)).toMatchObject({
    status: 'unknown',
    details: { check: 'vmware-nsx-security policy get billing' },
  });
  expect(changesAt(nsx.sim)).toHaveLength(1);
  expect(nsx.audit().at(-1)).toMatchObject({ tool: 'create_dfw_policy', status: 'unknown' });
});

test('ids that no path can hold', () => expectIdsChecked(createDfwPolicy, input, 'policy_id'));
test('needs its role and no more', () => expectRole(createDfwPolicy, input));
