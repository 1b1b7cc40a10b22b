import { expect, test } from 'vitest';
import { change } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import {
  expectBlocked,
  expectIdsChecked,
  expectRole,
  expectStopped,
  mallory,
  planOf,
} from '../../../test/refusals.js';
import { deleteDfwRule } from './delete-dfw-rule.js';

const rules = '/infra/domains/default/security-policies/shop/rules';
const input = { policy_id: 'shop', rule_id: 'web-to-app' };

test('deletes one rule with one request, and its neighbours stay', async () => {
  await using nsx = await lab();
  expect(await change(nsx, deleteDfwRule, input)).toEqual({
    policy_id: 'shop',
    id: 'web-to-app',
    status: 'deleted',
    message: 'Permanently delete the rule web-to-app (web-to-app) of the policy shop',
  });
  expect(changesAt(nsx.sim)).toEqual([`DELETE /policy/api/v1${rules}/web-to-app`]);
  const left = nsx.sim.world.objects.children(rules.replace(/\/rules$/, ''));
  expect(left.map(({ id }) => id)).not.toContain('web-to-app');
  expect(left).toHaveLength(5);
  await expectStopped(nsx, deleteDfwRule, input, 'NOT_FOUND');
});

test('the preview says what traffic is about, and that it cannot be undone', async () => {
  await using nsx = await lab();
  expect(await planOf(nsx, deleteDfwRule, input)).toMatchObject({
    changes: [
      'delete ALLOW web-servers → app-servers : shop-app',
      'what it matched is judged by the rules after it from then on',
    ],
    blast_radius: { total: 1, reversible: false },
  });
  const { changes } = await planOf(nsx, deleteDfwRule, { ...input, rule_id: 'old-ftp' });
  expect(changes).toEqual(['delete ALLOW corporate → web-servers : FTP (disabled)']);
  const never = await planOf(nsx, deleteDfwRule, { ...input, rule_id: 'never' });
  expect(never.changes[0]).toBe('delete ALLOW 10.10.9.0/24 → web-servers : SSH');
});

test('default rules, rules of the system and rules of a locked policy are refused', async () => {
  await using nsx = await lab();
  await expectBlocked(
    nsx,
    deleteDfwRule,
    { policy_id: 'default-layer3-section', rule_id: 'default-layer3-rule' },
    'Default Layer3 Rule is a default rule of NSX.',
  );
  await expectBlocked(
    nsx,
    deleteDfwRule,
    { policy_id: 'pci-locked', rule_id: 'pci-jump-ssh' },
    'The policy pci-locked is locked by admin2: unlock it in NSX first.',
  );
  mallory(nsx, `${rules}/web-to-app`, { _system_owned: true });
  await expectBlocked(nsx, deleteDfwRule, input, 'web-to-app belongs to the system.');
});

test('somebody changed what it does after the preview: it is shown again', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(deleteDfwRule, input);
  mallory(nsx, `${rules}/web-to-app`, { action: 'DROP' });
  expect(await nsx.agree(deleteDfwRule, input, preview)).toMatchObject({
    status: 'preview',
    plan: { changes: ['delete DROP web-servers → app-servers : shop-app', expect.any(String)] },
  });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('an answer that is lost: unknown, sent once', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(deleteDfwRule, input);
  nsx.sim.faults.add({
    match: { method: 'DELETE /policy/api/v1/infra/domains/{}/security-policies/{}/rules/{}' },
    then: { drop: 'after-acting' },
  });
  expect(await nsx.agree(deleteDfwRule, input, preview)).toMatchObject({
    status: 'unknown',
    details: { check: 'vmware-nsx-security rule list shop' },
  });
  expect(changesAt(nsx.sim)).toHaveLength(1);
});

test('deletes in the scope it is told', async () => {
  await using nsx = await lab();
  const there = { policy_id: 'stage', rule_id: 'deny-in', nsx_scope: 'project:shop-project' };
  await change(nsx, deleteDfwRule, there);
  expect(changesAt(nsx.sim)[0]).toMatch(/shop-project\/infra\/domains\/default\/.*\/deny-in$/);
});

test('ids that no path can hold', () =>
  expectIdsChecked(deleteDfwRule, input, 'policy_id', 'rule_id'));
test('needs its role and no more', () => expectRole(deleteDfwRule, input));
