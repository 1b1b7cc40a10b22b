import { expect, test } from 'vitest';
import { change, requestsOf } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import {
  expectBlocked,
  expectIdsChecked,
  expectRole,
  expectStopped,
  mallory,
  objectAt,
  planOf,
} from '../../../test/refusals.js';
import { createDfwRule } from '../rule/create-dfw-rule.js';
import { deleteGroup } from './delete-group.js';

const domain = '/infra/domains/default';
const groups = `${domain}/groups`;
const rules = (policy: string) => `${domain}/security-policies/${policy}/rules`;
const input = { group_id: 'empty-old' };

test('deletes a group that nothing refers to, with one request', async () => {
  await using nsx = await lab();
  expect(await planOf(nsx, deleteGroup, input)).toMatchObject({
    summary: 'Permanently delete the group empty-old (empty-old)',
    changes: [`delete ${groups}/empty-old`],
    blast_radius: { total: 1, reversible: false },
    blockers: [],
    unmeasured: [],
  });
  expect(await change(nsx, deleteGroup, input)).toEqual({
    id: 'empty-old',
    status: 'deleted',
    message: 'Permanently delete the group empty-old (empty-old)',
  });
  expect(changesAt(nsx.sim)).toEqual([`DELETE /policy/api/v1${groups}/empty-old`]);
  await expectStopped(nsx, deleteGroup, input, 'NOT_FOUND');
});

test('names every use, each once: firewall, IDS, gateway and redirection rules, groups around it', async () => {
  await using nsx = await lab();
  await expectBlocked(
    nsx,
    deleteGroup,
    { group_id: 'jump-hosts' },
    `It is used by the gateway rule jump-out (${domain}/gateway-policies/gw-local/rules/jump-out).`,
    `It is used by admin-jump (${rules('isolate-test')}/admin-jump).`,
    `It is used by pci-jump-ssh (${rules('pci-locked')}/pci-jump-ssh).`,
  );
  await expectBlocked(
    nsx,
    deleteGroup,
    { group_id: 'test-machines' },
    `It is used by test-to-shop (${rules('isolate-test')}/test-to-shop).`,
  );
  const { details: web } = await expectStopped(
    nsx,
    deleteGroup,
    { group_id: 'web-servers' },
    'BLOCKED',
  );
  expect(web?.['blockers']).toEqual(
    expect.arrayContaining([
      `It is used by the IDS rule inspect-web (${domain}/intrusion-service-policies/ids-web/rules/inspect-web).`,
      `It is a member of the group shop (${groups}/shop).`,
      // Through the group shop only.
      `It is used by deny-shop (${rules('shop-deny')}/deny-shop).`,
    ]),
  );
  const { details: corporate } = await expectStopped(
    nsx,
    deleteGroup,
    { group_id: 'corporate' },
    'BLOCKED',
  );
  expect(corporate?.['blockers']).toContain(
    `It is used by the redirection rule inspect-corporate (${domain}/redirection-policies/partner/rules/inspect-corporate).`,
  );
});

test('a nested group that no rule names is refused for the group that holds it', async () => {
  await using nsx = await lab();
  mallory(nsx, `${groups}/quarantine`, {
    expression: [{ resource_type: 'PathExpression', paths: [`${groups}/empty-old`] }],
  });
  const { details } = await expectStopped(nsx, deleteGroup, input, 'BLOCKED');
  expect(details?.['blockers']).toContain(
    `It is a member of the group quarantine (${groups}/quarantine).`,
  );
});

test('the exclude list, of people and of the system, counts', async () => {
  await using nsx = await lab();
  await expectBlocked(
    nsx,
    deleteGroup,
    { group_id: 'excluded-appliances' },
    'It is on the exclude list of the firewall.',
  );
  await expectBlocked(
    nsx,
    deleteGroup,
    { group_id: 'edge-nodes' },
    'edge-nodes belongs to the system.',
    'It is on the exclude list of the firewall.',
  );
});

test('a policy that is applied to it counts', async () => {
  await using nsx = await lab();
  const path = `${domain}/security-policies/shop`;
  mallory(nsx, path, { scope: [`${groups}/empty-old`] });
  await expectBlocked(nsx, deleteGroup, input, `The policy shop (${path}) is applied to it.`);
});

const questions = [
  ['which firewall rules use it', '/infra/group-service-associations'],
  ['which groups hold it', '/infra/group-associations'],
  ['whether it is on the exclude list', '/infra/settings/firewall/security/exclude-list'],
  ['which policies are applied to it', '/infra/domains/{}/security-policies'],
  ['which IDS rules use it', '/infra/domains/{}/intrusion-service-policies'],
  ['which IDS rules use it', '/infra/domains/{}/intrusion-service-policies/{}/rules'],
  ['which gateway rules use it', '/infra/domains/{}/gateway-policies'],
  ['which gateway rules use it', '/infra/domains/{}/gateway-policies/{}/rules'],
  ['which redirection rules use it', '/infra/domains/{}/redirection-policies'],
  ['which redirection rules use it', '/infra/domains/{}/redirection-policies/{}/rules'],
] as const;

test.each(questions)('%s: when %s cannot be asked, it is not deleted', async (what, route) => {
  for (const status of [403, 500, 404]) {
    await using nsx = await lab();
    for (const asked of [route, `${route}?system_owned=true`])
      nsx.sim.faults.add({
        match: { method: `GET /policy/api/v1${asked}` },
        times: Infinity,
        then: { status },
      });
    const { details } = await expectStopped(nsx, deleteGroup, input, 'UNMEASURED');
    expect(details).toMatchObject({ blockers: [], unmeasured: [expect.stringContaining(what)] });
    expect(objectAt(nsx, `${groups}/empty-old`)).toBeDefined();
  }
});

test('a manager that shows only the exclude list of its users still says whether the group is on it', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({
    match: {
      method: 'GET /policy/api/v1/infra/settings/firewall/security/exclude-list?system_owned=true',
    },
    times: Infinity,
    then: { status: 404 },
  });
  expect(await nsx.change(deleteGroup, input)).toMatchObject({ status: 'done' });
  await expectStopped(nsx, deleteGroup, { group_id: 'excluded-appliances' }, 'BLOCKED');
});

test('somebody used it in a rule after the preview: refused, and it is still there', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(deleteGroup, input);
  await change(nsx, createDfwRule, {
    policy_id: 'shop',
    rule_id: 'late',
    display_name: 'Late',
    sources: ['empty-old'],
  });
  expect(await nsx.agree(deleteGroup, input, preview)).toMatchObject({
    code: 'BLOCKED',
    message: expect.stringContaining('It is used by Late'),
  });
  expect(objectAt(nsx, `${groups}/empty-old`)).toBeDefined();
});

test('a use that only NSX knows of: its own refusal, naming it', async () => {
  await using nsx = await lab();
  nsx.sim.world.objects.set({
    ...objectAt(nsx, `${groups}/quarantine`),
    path: '/infra/somewhere/else',
    id: 'else',
    resource_type: 'Endpoint',
    expression: [],
    members: [`${groups}/empty-old`],
  });
  expect(await nsx.change(deleteGroup, input)).toMatchObject({
    status: 'failed',
    code: 'BLOCKED',
    message: expect.stringContaining('/infra/somewhere/else'),
    details: { error_code: 500030 },
  });
});

test.each(['a b', 'a%20b'])('the id %s is deleted, and no other', async (id) => {
  await using nsx = await lab({
    estate: ['a b', 'a%20b'].map((each) => ({ path: `${groups}/${each}`, resource_type: 'Group' })),
  });
  await change(nsx, deleteGroup, { group_id: id });
  const left = nsx.sim.world.objects.ofType('Group').map((group) => group.id);
  expect(left).toEqual([id === 'a b' ? 'a%20b' : 'a b']);
});

test('asks a fixed number of questions, whatever the number of firewall policies', async () => {
  await using nsx = await lab({ estate: { policies: 100, rulesPerPolicy: 1, groups: 101 } });
  const routes = await requestsOf(nsx.sim, () =>
    planOf(nsx, deleteGroup, { group_id: 'group-99' }),
  );
  expect(routes.length).toBeLessThanOrEqual(10);
});

test.each([
  ['project:shop-project', 'stage', 'deny-in'],
  ['vpc:shop-project/shop-vpc', 'backends', 'backends-out'],
])('uses in %s count there', async (nsx_scope, group_id, rule) => {
  await using nsx = await lab();
  const { details } = await expectStopped(nsx, deleteGroup, { group_id, nsx_scope }, 'BLOCKED');
  expect(JSON.stringify(details?.['blockers'])).toContain(`/rules/${rule})`);
});

test('a group of a Global Manager can be deleted when nothing there uses it', async () => {
  const path = '/global-infra/domains/default/groups/world';
  await using nsx = await lab({ globalManager: true, estate: [{ path, resource_type: 'Group' }] });
  const there = { group_id: 'world', nsx_scope: 'global' };
  const plan = await planOf(nsx, deleteGroup, there);
  expect(plan).toMatchObject({ blockers: [], unmeasured: [] });
  await change(nsx, deleteGroup, there);
  expect(nsx.sim.world.objects.get(path)).toBeUndefined();
});

test('ids that no path can hold', () => expectIdsChecked(deleteGroup, input, 'group_id'));
test('needs its role and no more', () => expectRole(deleteGroup, input));
