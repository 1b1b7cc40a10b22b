import { expect, test } from 'vitest';
import { change } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import {
  expectBlocked,
  expectIdsChecked,
  expectNothingLost,
  expectRole,
  expectStopped,
  mallory,
  objectAt,
  planOf,
} from '../../../test/refusals.js';
import { updateDfwPolicy } from './update-dfw-policy.js';

const shop = '/infra/domains/default/security-policies/shop';
const input = { policy_id: 'shop', sequence_number: 30 };
const written = /^_last|^_revision|^internal/;

const rulesOf = (nsx: Parameters<typeof objectAt>[0], policy: string) =>
  nsx.sim.world.objects.children(policy).map(({ id, _revision }) => `${id} ${_revision}`);

test('changes what is given; every other field and every rule stays', async () => {
  await using nsx = await lab();
  mallory(nsx, shop, {
    tags: [{ scope: 'owner', tag: 'web team' }],
    scope: ['/infra/domains/default/groups/shop'],
    tcp_strict: true,
    comments: 'do not touch',
  });
  const before = objectAt(nsx, shop);
  const rules = rulesOf(nsx, shop);
  expect(
    await change(nsx, updateDfwPolicy, {
      ...input,
      display_name: 'Shop front',
      description: 'All of it',
      stateful: false,
    }),
  ).toEqual({
    id: 'shop',
    display_name: 'Shop front',
    description: 'All of it',
    sequence_number: 30,
    stateful: false,
    path: shop,
    _revision: 2,
  });
  const after = objectAt(nsx, shop);
  const changed = Object.keys(after).filter(
    (field) =>
      !written.test(field) && JSON.stringify(after[field]) !== JSON.stringify(before[field]),
  );
  expect(changed.sort()).toEqual(['description', 'display_name', 'sequence_number', 'stateful']);
  expect(rulesOf(nsx, shop)).toEqual(rules);
});

test('is one transactional request that names no rule and carries the revision', async () => {
  await using nsx = await lab();
  await change(nsx, updateDfwPolicy, input);
  const [sent = '', ...more] = changesAt(nsx.sim);
  expect(more).toEqual([]);
  expect(sent).toMatch(/^PATCH \/policy\/api\/v1\/infra\?enforce_revision_check=true \{/);
  const body = JSON.parse(sent.slice(sent.indexOf('{')));
  expect(body).toMatchObject({
    resource_type: 'Infra',
    children: [
      {
        resource_type: 'ChildResourceReference',
        target_type: 'Domain',
        id: 'default',
        children: [{ SecurityPolicy: { id: 'shop', sequence_number: 30, _revision: 0 } }],
      },
    ],
  });
  expect(sent).not.toContain('web-in');
});

test('the preview shows each field as it is and as it would be', async () => {
  await using nsx = await lab();
  const plan = await planOf(nsx, updateDfwPolicy, { ...input, description: 'x', stateful: true });
  expect(plan).toMatchObject({
    summary: 'Update the policy shop (shop)',
    changes: ['description: (none) → "x"', 'sequence_number: 10 → 30'],
  });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('what is like that already is not sent', async () => {
  await using nsx = await lab();
  const same = { policy_id: 'shop', sequence_number: 10, stateful: true };
  expect(await planOf(nsx, updateDfwPolicy, same)).toMatchObject({
    changes: ['nothing: every field has this value already'],
    requests: [],
  });
  expect(await change(nsx, updateDfwPolicy, same)).toMatchObject({ _revision: 0 });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('a rule that somebody changes meanwhile keeps that change', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(updateDfwPolicy, input);
  mallory(nsx, `${shop}/rules/web-in`, { disabled: true });
  expect(await nsx.agree(updateDfwPolicy, input, preview)).toMatchObject({ status: 'done' });
  expect(objectAt(nsx, `${shop}/rules/web-in`)).toMatchObject({ disabled: true, _revision: 1 });
});

test('somebody changed it after the preview: it is shown again, and nothing is sent', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(updateDfwPolicy, input);
  mallory(nsx, shop, { sequence_number: 25 });
  expect(await nsx.agree(updateDfwPolicy, input, preview)).toMatchObject({
    status: 'preview',
    plan: { changes: ['sequence_number: 25 → 30'] },
  });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('somebody changes it while ours is on its way: CONFLICT naming them, theirs stays', () =>
  expectNothingLost(updateDfwPolicy, input, 'PATCH /policy/api/v1/infra', shop, {
    description: 'theirs',
  }));

test('a locked policy, and one that another product or the Global Manager owns, are not changed', async () => {
  await using nsx = await lab();
  await expectBlocked(
    nsx,
    updateDfwPolicy,
    { ...input, policy_id: 'pci-locked' },
    'The policy pci-locked is locked by admin2: unlock it in NSX first.',
  );
  for (const [fields, blocker] of [
    [{ _system_owned: true }, 'shop belongs to the system.'],
    [
      { _system_owned: false, _protection: 'PROTECTED' },
      'shop is protected (_protection PROTECTED): its owner changes it elsewhere.',
    ],
    [
      { _protection: 'REQUIRE_OVERRIDE' },
      'shop is managed by another product (_protection REQUIRE_OVERRIDE).',
    ],
    [{ _protection: 'NOT_PROTECTED', marked_for_delete: true }, 'shop is being deleted.'],
  ] as const) {
    mallory(nsx, shop, fields);
    await expectBlocked(nsx, updateDfwPolicy, input, blocker);
  }
});

test('nothing given, or nobody there', async () => {
  await using nsx = await lab();
  await expectStopped(nsx, updateDfwPolicy, { policy_id: 'shop' }, 'INVALID_INPUT');
  await expectStopped(nsx, updateDfwPolicy, { ...input, policy_id: 'none' }, 'NOT_FOUND');
  await expectStopped(nsx, updateDfwPolicy, { ...input, category: 'Emergency' }, 'INVALID_INPUT');
});

test.each([
  [
    'project:shop-project',
    'stage',
    '/orgs/default/projects/shop-project/infra/domains/default/security-policies/stage',
  ],
  [
    'vpc:shop-project/shop-vpc',
    'backends',
    '/orgs/default/projects/shop-project/vpcs/shop-vpc/security-policies/backends',
  ],
])('changes a policy of %s and keeps its rules', async (nsx_scope, policy_id, path) => {
  await using nsx = await lab();
  const rules = rulesOf(nsx, path);
  await change(nsx, updateDfwPolicy, { policy_id, nsx_scope, description: 'ours' });
  expect(objectAt(nsx, path)['description']).toBe('ours');
  expect(rulesOf(nsx, path)).toEqual(rules);
});

test('changes a policy of a Global Manager', async () => {
  const path = '/global-infra/domains/default/security-policies/world';
  await using nsx = await lab({
    globalManager: true,
    estate: [{ path, resource_type: 'SecurityPolicy', category: 'Application' }],
  });
  await change(nsx, updateDfwPolicy, {
    policy_id: 'world',
    nsx_scope: 'global',
    description: 'ours',
  });
  expect(objectAt(nsx, path)['description']).toBe('ours');
});

test('ids that no path can hold', () => expectIdsChecked(updateDfwPolicy, input, 'policy_id'));
test('needs its role and no more', () => expectRole(updateDfwPolicy, input));
