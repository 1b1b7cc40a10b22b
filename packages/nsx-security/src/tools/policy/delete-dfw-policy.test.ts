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
import { createDfwRule } from '../rule/create-dfw-rule.js';
import { createDfwPolicy } from './create-dfw-policy.js';
import { deleteDfwPolicy } from './delete-dfw-policy.js';

const policies = '/infra/domains/default/security-policies';
const empty = { path: `${policies}/old`, resource_type: 'SecurityPolicy', category: 'Application' };
const input = { policy_id: 'old' };

test('deletes a policy that has no rules, with one request', async () => {
  await using nsx = await lab({ estate: [empty] });
  expect(await planOf(nsx, deleteDfwPolicy, input)).toMatchObject({
    summary: 'Permanently delete the policy old (old)',
    changes: [`delete ${policies}/old`],
    blast_radius: { total: 1, reversible: false },
  });
  expect(await change(nsx, deleteDfwPolicy, input)).toEqual({
    id: 'old',
    status: 'deleted',
    message: 'Permanently delete the policy old (old)',
  });
  expect(changesAt(nsx.sim)).toEqual([`DELETE /policy/api/v1${policies}/old`]);
  await expectStopped(nsx, deleteDfwPolicy, input, 'NOT_FOUND');
});

test('without confirmed=true it is only shown', async () => {
  await using nsx = await lab({ estate: [empty] });
  expect(await nsx.call(deleteDfwPolicy, input, { dryRun: false })).toMatchObject({
    status: 'preview',
  });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('one that has rules is refused, naming them', async () => {
  await using nsx = await lab();
  await expectBlocked(
    nsx,
    deleteDfwPolicy,
    { policy_id: 'shop' },
    'It has 6 rules: app-to-db, never, old-ftp, web-in, web-in-again, web-to-app. Delete them first.',
  );
  await expectBlocked(
    nsx,
    deleteDfwPolicy,
    { policy_id: 'shop-deny' },
    'It has 1 rule: deny-shop. Delete them first.',
  );
});

test('locked and default policies are refused, with every reason', async () => {
  await using nsx = await lab();
  await expectBlocked(
    nsx,
    deleteDfwPolicy,
    { policy_id: 'pci-locked' },
    'The policy pci-locked is locked by admin2: unlock it in NSX first.',
    'It has 1 rule: pci-jump-ssh. Delete them first.',
  );
  await expectBlocked(
    nsx,
    deleteDfwPolicy,
    { policy_id: 'default-layer3-section' },
    'Default Layer3 Section is a default policy of NSX.',
    'It has 3 rules: default-layer3-rule, default-rule-dhcp, default-rule-ndp. Delete them first.',
  );
});

test('a policy of the system is refused', async () => {
  await using nsx = await lab({ estate: [{ ...empty, _system_owned: true }] });
  await expectBlocked(nsx, deleteDfwPolicy, input, 'old belongs to the system.');
});

test('somebody put a rule into it after the preview: refused, and the rule is still there', async () => {
  await using nsx = await lab({ estate: [empty] });
  const preview = await nsx.call(deleteDfwPolicy, input);
  await change(nsx, createDfwRule, { policy_id: 'old', rule_id: 'late', display_name: 'Late' });
  expect(await nsx.agree(deleteDfwPolicy, input, preview)).toMatchObject({
    code: 'BLOCKED',
    message: expect.stringContaining('It has 1 rule: late.'),
  });
  expect(nsx.sim.world.objects.get(`${policies}/old/rules/late`)).toBeDefined();
});

test('somebody locked it after the preview', async () => {
  await using nsx = await lab({ estate: [empty] });
  const preview = await nsx.call(deleteDfwPolicy, input);
  mallory(nsx, `${policies}/old`, { locked: true, lock_modified_by: 'mallory' });
  expect(await nsx.agree(deleteDfwPolicy, input, preview)).toMatchObject({ code: 'BLOCKED' });
  expect(nsx.sim.world.objects.get(`${policies}/old`)).toBeDefined();
});

test('rules that cannot be read: refused', async () => {
  await using nsx = await lab({ estate: [empty] });
  nsx.sim.faults.add({
    match: { method: 'GET /policy/api/v1/infra/domains/{}/security-policies/{}/rules' },
    times: Infinity,
    then: { status: 403 },
  });
  await expectStopped(nsx, deleteDfwPolicy, input, 'NO_PERMISSION');
});

test('deletes in the scope it is told', async () => {
  await using nsx = await lab();
  const there = { policy_id: 'old', nsx_scope: 'vpc:shop-project/shop-vpc' };
  await change(nsx, createDfwPolicy, { ...there, display_name: 'Old' });
  await change(nsx, deleteDfwPolicy, there);
  expect(changesAt(nsx.sim).at(-1)).toBe(
    'DELETE /policy/api/v1/orgs/default/projects/shop-project/vpcs/shop-vpc/security-policies/old',
  );
});

test('ids that no path can hold', () => expectIdsChecked(deleteDfwPolicy, input, 'policy_id'));
test('needs its role and no more', () => expectRole(deleteDfwPolicy, input, [empty]));
