import { expect, test } from 'vitest';
import { change, read } from '../../../test/answer.js';
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
import { listDfwRules } from './list-dfw-rules.js';
import { moveDfwRule } from './move-dfw-rule.js';

const rules = '/infra/domains/default/security-policies/shop/rules';
const input = { policy_id: 'shop', rule_id: 'old-ftp', position: 'top' } as const;

test.each([
  [{ position: 'top' }, ['old-ftp', 'web-in', 'web-to-app', 'app-to-db', 'web-in-again', 'never']],
  [
    { position: 'bottom' },
    ['web-in', 'web-to-app', 'app-to-db', 'web-in-again', 'never', 'old-ftp'],
  ],
  [
    { position: 'before', anchor: 'web-to-app' },
    ['web-in', 'old-ftp', 'web-to-app', 'app-to-db', 'web-in-again', 'never'],
  ],
  [
    { position: 'after', anchor: 'web-to-app' },
    ['web-in', 'web-to-app', 'old-ftp', 'app-to-db', 'web-in-again', 'never'],
  ],
] as const)('moves a rule to where %o says, and nothing else of it changes', async (to, order) => {
  await using nsx = await lab();
  const before = objectAt(nsx, `${rules}/old-ftp`);
  const moved = await change(nsx, moveDfwRule, { ...input, ...to });
  expect(moved).toMatchObject({ id: 'old-ftp', disabled: true, action: 'ALLOW' });
  const { items } = await read(nsx, listDfwRules, { policy_id: 'shop' });
  expect(items.map(({ id }) => id)).toEqual(order);
  const after = objectAt(nsx, `${rules}/old-ftp`);
  for (const field of ['source_groups', 'services', 'scope', 'rule_id', 'disabled'])
    expect(after[field]).toEqual(before[field]);
  const [sent = '', ...more] = changesAt(nsx.sim);
  expect(more).toEqual([]);
  expect(sent).toMatch(
    new RegExp(
      `^POST /policy/api/v1${rules}/old-ftp\\?action=revise&operation=insert_${to.position}`,
    ),
  );
});

test('the preview says where to', async () => {
  await using nsx = await lab();
  expect(await planOf(nsx, moveDfwRule, input)).toMatchObject({
    summary: 'Move the rule old-ftp (old-ftp) to the top of shop',
    changes: [
      'it is evaluated before all 5 other rules of the policy',
      'sequence numbers of rules beside it may change',
    ],
  });
  const beside = { ...input, position: 'after', anchor: 'web-in' } as const;
  const plan = await planOf(nsx, moveDfwRule, beside);
  expect(plan.summary).toBe('Move the rule old-ftp (old-ftp) after web-in');
  expect(plan.changes[0]).toBe('it is evaluated right after web-in');
  expect(plan.requests[0]).toContain(`&anchor_path=${encodeURIComponent(`${rules}/web-in`)} {`);
});

test('an anchor goes with before and after, and with nothing else', async () => {
  await using nsx = await lab();
  for (const wrong of [
    { position: 'before' },
    { position: 'after' },
    { position: 'top', anchor: 'web-in' },
    { position: 'bottom', anchor: 'web-in' },
    { position: 'up' },
  ])
    await expectStopped(nsx, moveDfwRule, { ...input, ...wrong }, 'INVALID_INPUT');
  const gone = { ...input, position: 'before', anchor: 'none' };
  await expectStopped(nsx, moveDfwRule, gone, 'NOT_FOUND');
  await expectBlocked(
    nsx,
    moveDfwRule,
    { ...input, position: 'before', anchor: 'old-ftp' },
    'A rule cannot be moved beside itself.',
  );
});

test('default rules stay last, and rules of a locked policy where they are', async () => {
  await using nsx = await lab();
  await expectBlocked(
    nsx,
    moveDfwRule,
    { ...input, policy_id: 'default-layer3-section', rule_id: 'default-layer3-rule' },
    'Default Layer3 Rule is a default rule of NSX and stays last.',
  );
  await expectBlocked(
    nsx,
    moveDfwRule,
    { ...input, policy_id: 'pci-locked', rule_id: 'pci-jump-ssh' },
    'The policy pci-locked is locked by admin2: unlock it in NSX first.',
  );
});

test('somebody changed the rule after the preview: it is shown again', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(moveDfwRule, input);
  mallory(nsx, `${rules}/old-ftp`, { disabled: false });
  expect(await nsx.agree(moveDfwRule, input, preview)).toMatchObject({ status: 'preview' });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('somebody changes it while ours is on its way: CONFLICT naming them, theirs stays', () =>
  expectNothingLost(
    moveDfwRule,
    input,
    'POST /policy/api/v1/infra/domains/{}/security-policies/{}/rules/{}?action=revise',
    `${rules}/old-ftp`,
    { disabled: false, sequence_number: 50 },
  ));

test('moves in the scope it is told', async () => {
  await using nsx = await lab();
  const there = { policy_id: 'stage', rule_id: 'deny-in', nsx_scope: 'project:shop-project' };
  await change(nsx, moveDfwRule, { ...there, position: 'before', anchor: 'partners-in' });
  const { items } = await read(nsx, listDfwRules, {
    policy_id: 'stage',
    nsx_scope: 'project:shop-project',
  });
  expect(items.map(({ id }) => id)).toEqual(['deny-in', 'partners-in']);
});

test('ids that no path can hold', () =>
  expectIdsChecked(moveDfwRule, input, 'policy_id', 'rule_id'));
test('an anchor that no path can hold', () =>
  expectIdsChecked(moveDfwRule, { ...input, position: 'before', anchor: 'web-in' }, 'anchor'));
test('needs its role and no more', () => expectRole(moveDfwRule, input));
