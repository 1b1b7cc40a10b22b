import { takeBack } from '@vmware/policy/testing';
import { expect, test } from 'vitest';
import { createGroup } from '../src/tools/group/create-group.js';
import { updateGroup } from '../src/tools/group/update-group.js';
import { createDfwPolicy } from '../src/tools/policy/create-dfw-policy.js';
import { updateDfwPolicy } from '../src/tools/policy/update-dfw-policy.js';
import { createDfwRule } from '../src/tools/rule/create-dfw-rule.js';
import { moveDfwRule } from '../src/tools/rule/move-dfw-rule.js';
import { updateDfwRule } from '../src/tools/rule/update-dfw-rule.js';
import { tagVms } from '../src/tools/tag/tag-vms.js';
import type { AnyTool, Input } from './changes.js';
import { lab } from './lab.js';
import { mallory, planOf } from './refusals.js';
import { thereAndBack } from './take-back.js';

const shop = { policy_id: 'shop' };
const rules = '/infra/domains/default/security-policies/shop/rules';
const project = { nsx_scope: 'project:shop-project' };
const stage = { policy_id: 'stage', ...project };

test.each<[string, AnyTool, Input]>([
  ['a move to the top', moveDfwRule, { ...shop, rule_id: 'never', position: 'top' }],
  ['a move of the first rule', moveDfwRule, { ...shop, rule_id: 'web-in', position: 'bottom' }],
  [
    'every field of a rule that a read shows',
    updateDfwRule,
    {
      ...shop,
      rule_id: 'never',
      display_name: 'Later',
      action: 'REJECT',
      sources: ['corporate', '10.9.0.0/16'],
      destinations: ['ANY'],
      services: ['DNS', 'shop-app'],
      scope: ['db-servers'],
      direction: 'IN',
      ip_protocol: 'IPV4',
      logged: true,
      disabled: true,
    },
  ],
  [
    'every field of a policy',
    updateDfwPolicy,
    { ...shop, display_name: 'Our shop', sequence_number: 30, stateful: false },
  ],
  [
    'members of a group taken away and added',
    updateGroup,
    {
      group_id: 'corporate',
      display_name: 'Head office',
      add_ip_addresses: ['203.0.113.7', '192.168.0.0/16'],
      remove_ip_addresses: ['2001:db8:100::/48'],
      add_groups: ['dns-servers'],
    },
  ],
  [
    'only members of a group taken away',
    updateGroup,
    { group_id: 'shop', remove_groups: ['/infra/domains/default/groups/db-servers'] },
  ],
  [
    'a tag of many VMs taken away',
    tagVms,
    { tag_value: 'web', tag_scope: 'tier', remove: ['web-01', 'web-02'] },
  ],
  [
    'a tag added to some VMs and taken from others',
    tagVms,
    { tag_value: 'web', tag_scope: 'tier', add: ['app-01'], remove: ['web-01', 'web-02'] },
  ],
  ['a tag without a scope', tagVms, { tag_value: 'plain', add: ['app-01'] }],
  ['a policy of a project', createDfwPolicy, { policy_id: 'new', display_name: 'N', ...project }],
  ['a field of a policy of a project', updateDfwPolicy, { ...stage, sequence_number: 70 }],
  ['a group of a project', createGroup, { group_id: 'new', display_name: 'N', ...project }],
  [
    'members of a group of a project',
    updateGroup,
    { group_id: 'partners', add_ip_addresses: ['10.1.1.1'], ...project },
  ],
  ['a rule of a project', createDfwRule, { ...stage, rule_id: 'new', display_name: 'N' }],
  ['a field of a rule of a project', updateDfwRule, { ...stage, rule_id: 'deny-in', logged: true }],
  ['a move in a project', moveDfwRule, { ...stage, rule_id: 'deny-in', position: 'top' }],
])('%s is undone, and everything is as it was', async (_what, tool, input) => {
  await using nsx = await lab();
  expect(await thereAndBack(nsx, tool, input)).toBe(true);
});

test('a description that there was none of becomes empty again, as every read shows it', async () => {
  await using nsx = await lab();
  const taken = await takeBack(nsx, updateGroup, { group_id: 'shop', description: 'The shop' });
  expect(taken).toMatchObject({
    inverse: { input: { description: '' } },
    undone: { status: 'done' },
  });
});

test('a description of a rule is for good, since no read tells whether somebody changed it since', async () => {
  await using nsx = await lab();
  const input = { ...shop, rule_id: 'never', logged: true, description: 'Old' };
  expect(await thereAndBack(nsx, updateDfwRule, input)).toBe(false);
});

test('a field that had no value is for good, since no input says none', async () => {
  await using nsx = await lab();
  mallory(nsx, `${rules}/never`, { ip_protocol: undefined });
  const input = { ...shop, rule_id: 'never', ip_protocol: 'IPV4' } as const;
  expect(await thereAndBack(nsx, updateDfwRule, input)).toBe(false);
});

test('a move among rules of the same number is for good, since only NSX knows their order', async () => {
  await using nsx = await lab();
  mallory(nsx, `${rules}/web-to-app`, { sequence_number: 10 });
  mallory(nsx, `${rules}/web-in`, { sequence_number: 10 });
  const input = { ...shop, rule_id: 'never', position: 'top' } as const;
  expect(await thereAndBack(nsx, moveDfwRule, input)).toBe(false);
});

test('an inverse that is longer than the log keeps is not promised', async () => {
  await using nsx = await lab();
  const add_ip_addresses = Array.from(
    { length: 3_000 },
    (_, at) => `10.77.${Math.floor(at / 250)}.${(at % 250) + 1}`,
  );
  const plan = await planOf(nsx, updateGroup, { group_id: 'corporate', add_ip_addresses });
  expect(plan).toMatchObject({ blockers: [], blast_radius: { reversible: false } });
});

test.each([
  ['another one', ['10.10.8.0/24']],
  ['a longer one', ['/infra/domains/default/groups/corporate', '10.10.8.0/24']],
])('a change of a list is not undone when the list is %s now', async (_what, source_groups) => {
  await using nsx = await lab();
  const input = { ...shop, rule_id: 'never', sources: ['corporate'] };
  const taken = await takeBack(nsx, updateDfwRule, input, () =>
    mallory(nsx, `${rules}/never`, { source_groups }),
  );
  expect(taken?.undone).toMatchObject({ status: 'refused', code: 'CONFLICT' });
});
