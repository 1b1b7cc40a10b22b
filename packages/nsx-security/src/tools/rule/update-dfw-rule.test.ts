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
import { updateDfwRule } from './update-dfw-rule.js';

const policies = '/infra/domains/default/security-policies';
const webIn = `${policies}/shop/rules/web-in`;
const groups = '/infra/domains/default/groups';
const input = { policy_id: 'shop', rule_id: 'web-in', logged: true };
const route = 'PUT /policy/api/v1/infra/domains/{}/security-policies/{}/rules/{}';

test('changes what is given; every other field of the rule stays', async () => {
  await using nsx = await lab();
  mallory(nsx, webIn, {
    notes: 'ticket 12',
    tag: 'web',
    sources_excluded: true,
    source_groups: [`${groups}/corporate`],
    profiles: ['/infra/context-profiles/SSL'],
    tags: [{ scope: 'owner', tag: 'web' }],
  });
  const before = objectAt(nsx, webIn);
  expect(
    await change(nsx, updateDfwRule, { ...input, destinations: ['app-servers', '10.1.1.1'] }),
  ).toMatchObject({
    id: 'web-in',
    logged: true,
    sources: [`not ${groups}/corporate`],
    destinations: [`${groups}/app-servers`, '10.1.1.1'],
    scope: [`${groups}/web-servers`],
  });
  const after = objectAt(nsx, webIn);
  const changed = Object.keys(after).filter(
    (field) => JSON.stringify(after[field]) !== JSON.stringify(before[field]),
  );
  expect(changed.sort()).toEqual([
    '_last_modified_time',
    '_last_modified_user',
    '_revision',
    'destination_groups',
    'logged',
  ]);
});

test('is one PUT of the whole rule with its revision, and without what only NSX writes', async () => {
  await using nsx = await lab();
  mallory(nsx, webIn, {});
  await change(nsx, updateDfwRule, input);
  const [sent = '', ...more] = changesAt(nsx.sim);
  expect(more).toEqual([]);
  expect(sent.startsWith(`PUT /policy/api/v1${webIn} {`)).toBe(true);
  const body = JSON.parse(sent.slice(sent.indexOf('{')));
  expect(body).toMatchObject({
    _revision: 1,
    logged: true,
    action: 'ALLOW',
    services: ['/infra/services/HTTPS'],
    destination_groups: [`${groups}/web-servers`],
  });
  expect(Object.keys(body).filter((field) => /^_(create|last_modified)/.test(field))).toEqual([]);
});

test('the preview shows each field as it is and as it would be', async () => {
  await using nsx = await lab();
  const plan = await planOf(nsx, updateDfwRule, {
    ...input,
    action: 'DROP',
    disabled: false,
    services: ['any'],
    description: 'why',
  });
  expect(plan.changes).toEqual([
    'action: "ALLOW" → "DROP"',
    'logged: false → true',
    'description: (none) → "why"',
    'services: [/infra/services/HTTPS] → [ANY]',
  ]);
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('what is like that already is not sent', async () => {
  await using nsx = await lab();
  const same = { ...input, logged: false, services: ['HTTPS'] };
  expect(await change(nsx, updateDfwRule, same)).toMatchObject({ logged: false });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('an empty list does not open a rule to everything', async () => {
  await using nsx = await lab();
  for (const name of ['sources', 'destinations', 'services', 'scope'])
    await expectStopped(nsx, updateDfwRule, { ...input, [name]: [] }, 'INVALID_INPUT');
});

test('somebody changed the rule after the preview: it is shown again, theirs included', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(updateDfwRule, input);
  mallory(nsx, webIn, { action: 'DROP' });
  const again = await nsx.agree(updateDfwRule, input, preview);
  expect(again).toMatchObject({ status: 'preview', plan: { changes: ['logged: false → true'] } });
  expect(changesAt(nsx.sim)).toEqual([]);
  expect(await nsx.agree(updateDfwRule, input, again)).toMatchObject({
    output: { action: 'DROP', logged: true },
  });
});

test('somebody changes it while ours is on its way: CONFLICT naming them, theirs stays', () =>
  expectNothingLost(updateDfwRule, input, route, webIn, { action: 'DROP' }));

test('somebody deletes it while ours is on its way: it does not come back', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(updateDfwRule, input);
  nsx.sim.world.objects.remove(webIn);
  expect(await nsx.agree(updateDfwRule, input, preview)).toMatchObject({ code: 'NOT_FOUND' });
  expect(nsx.sim.world.objects.get(webIn)).toBeUndefined();
});

test('rules of a locked policy, and rules of others, are not changed', async () => {
  await using nsx = await lab();
  await expectBlocked(
    nsx,
    updateDfwRule,
    { ...input, policy_id: 'pci-locked', rule_id: 'pci-jump-ssh', disabled: true },
    'The policy pci-locked is locked by admin2: unlock it in NSX first.',
  );
  mallory(nsx, webIn, { _protection: 'REQUIRE_OVERRIDE' });
  await expectBlocked(
    nsx,
    updateDfwRule,
    input,
    'web-in is managed by another product (_protection REQUIRE_OVERRIDE).',
  );
});

test('what NSX would refuse of the new fields is said before', async () => {
  await using nsx = await lab();
  await expectBlocked(
    nsx,
    updateDfwRule,
    { ...input, action: 'JUMP_TO_APPLICATION' },
    'JUMP_TO_APPLICATION is for the category Environment only; shop is in Application.',
  );
  const l2 = { policy_id: 'default-layer2-section', rule_id: 'default-layer2-rule' };
  await expectBlocked(
    nsx,
    updateDfwRule,
    { ...l2, ip_protocol: 'IPV6' },
    'A rule of the category Ethernet has no ip_protocol; Default Layer2 Section is in Ethernet.',
  );
  await change(nsx, updateDfwRule, { ...l2, logged: true });
  await expectStopped(nsx, updateDfwRule, { ...input, sources: ['wbe-servers'] }, 'NOT_FOUND');
  await expectStopped(nsx, updateDfwRule, { ...input, rule_id: 'none' }, 'NOT_FOUND');
  await expectStopped(
    nsx,
    updateDfwRule,
    { policy_id: 'shop', rule_id: 'web-in' },
    'INVALID_INPUT',
  );
});

test('the default rule may be changed: that is how a site denies by default', async () => {
  await using nsx = await lab();
  const last = { policy_id: 'default-layer3-section', rule_id: 'default-layer3-rule' };
  expect(await change(nsx, updateDfwRule, { ...last, action: 'DROP' })).toMatchObject({
    action: 'DROP',
    sequence_number: 2_147_483_647,
  });
});

test.each([
  ['project:shop-project', 'stage', 'deny-in'],
  ['vpc:shop-project/shop-vpc', 'backends', 'backends-out'],
])('changes a rule of %s', async (nsx_scope, policy_id, rule_id) => {
  await using nsx = await lab();
  const there = { policy_id, rule_id, nsx_scope, logged: true };
  expect(await change(nsx, updateDfwRule, there)).toMatchObject({ id: rule_id, logged: true });
});

test('ids that no path can hold', () =>
  expectIdsChecked(updateDfwRule, input, 'policy_id', 'rule_id'));
test('needs its role and no more', () => expectRole(updateDfwRule, input));
