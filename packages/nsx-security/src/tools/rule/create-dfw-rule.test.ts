import { expect, test } from 'vitest';
import { change } from '../../../test/answer.js';
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
import { createDfwRule } from './create-dfw-rule.js';

const policies = '/infra/domains/default/security-policies';
const groups = '/infra/domains/default/groups';
const input = { policy_id: 'shop', rule_id: 'new', display_name: 'New' };

test('creates a rule with one PUT, groups and services named as people name them', async () => {
  await using nsx = await lab();
  expect(
    await change(nsx, createDfwRule, {
      ...input,
      action: 'REJECT',
      sources: ['corporate', '10.9.0.0/16', '192.0.2.1-192.0.2.9', '2001:db8::/32'],
      destinations: [`${groups}/web-servers`],
      services: ['HTTPS', '/infra/services/shop-app'],
      scope: ['web-servers'],
      direction: 'IN',
      ip_protocol: 'IPV4',
      logged: true,
      disabled: true,
      sequence_number: 15,
      description: 'Why',
    }),
  ).toEqual({
    id: 'new',
    display_name: 'New',
    action: 'REJECT',
    sources: [`${groups}/corporate`, '10.9.0.0/16', '192.0.2.1-192.0.2.9', '2001:db8::/32'],
    destinations: [`${groups}/web-servers`],
    services: ['/infra/services/HTTPS', '/infra/services/shop-app'],
    scope: [`${groups}/web-servers`],
    direction: 'IN',
    ip_protocol: 'IPV4',
    disabled: true,
    logged: true,
    sequence_number: 15,
    rule_id: expect.any(Number),
    path: `${policies}/shop/rules/new`,
  });
  expect(changesAt(nsx.sim)).toEqual([
    `PUT /policy/api/v1${policies}/shop/rules/new ${JSON.stringify({
      resource_type: 'Rule',
      display_name: 'New',
      action: 'REJECT',
      direction: 'IN',
      logged: true,
      disabled: true,
      sequence_number: 15,
      source_groups: [`${groups}/corporate`, '10.9.0.0/16', '192.0.2.1-192.0.2.9', '2001:db8::/32'],
      destination_groups: [`${groups}/web-servers`],
      services: ['/infra/services/HTTPS', '/infra/services/shop-app'],
      scope: [`${groups}/web-servers`],
      ip_protocol: 'IPV4',
      description: 'Why',
    })}`,
  ]);
  expect(objectAt(nsx, `${policies}/shop/rules/new`)['description']).toBe('Why');
});

test('what is left out is everything, and the plan says so in words', async () => {
  await using nsx = await lab();
  const plan = await planOf(nsx, createDfwRule, {
    ...input,
    sources: ['10.9.0.0/16', 'corporate'],
  });
  expect(plan).toMatchObject({
    summary: 'Create the rule New (new) in the policy shop',
    changes: ['ALLOW 10.9.0.0/16, corporate → ANY : ANY'],
    blast_radius: { total: 1, reversible: true },
  });
  expect(await change(nsx, createDfwRule, input)).toMatchObject({
    action: 'ALLOW',
    sources: ['ANY'],
    destinations: ['ANY'],
    services: ['ANY'],
    scope: ['ANY'],
    direction: 'IN_OUT',
    ip_protocol: 'IPV4_IPV6',
    sequence_number: 10,
  });
});

test.each(['sources', 'destinations', 'services', 'scope'])(
  'an empty list of %s is refused, for NSX takes it for everything; ANY is a word of its own',
  async (name) => {
    await using nsx = await lab();
    for (const words of [[], ['  ']])
      await expectStopped(nsx, createDfwRule, { ...input, [name]: words }, 'INVALID_INPUT');
    const beside = { ...input, [name]: ['any', name === 'services' ? 'HTTPS' : 'web-servers'] };
    const { message } = await expectStopped(nsx, createDfwRule, beside, 'INVALID_INPUT');
    expect(message).toContain(`${name}: ANY already is everything`);
    const { requests } = await planOf(nsx, createDfwRule, { ...input, [name]: ['any'] });
    expect(requests[0]).toContain('["ANY"]');
  },
);

test('a group or service that is not there: what was meant', async () => {
  await using nsx = await lab();
  const typo = await expectStopped(
    nsx,
    createDfwRule,
    { ...input, sources: ['web-server'] },
    'NOT_FOUND',
  );
  expect(typo.message).toBe('There is no group "web-server" in the scope default.');
  expect(typo.remedy).toContain('Did you mean web-servers?');
  expect(typo.details).toMatchObject({
    candidates: expect.arrayContaining([{ id: 'web-servers', path: `${groups}/web-servers` }]),
  });
  const service = await expectStopped(
    nsx,
    createDfwRule,
    { ...input, services: ['shop-ap'] },
    'NOT_FOUND',
  );
  expect(service.remedy).toContain('Did you mean shop-app?');
  for (const wrong of [
    { destinations: [`${groups}/none`] },
    { scope: ['none'] },
    { services: ['/infra/services/none'] },
  ])
    await expectStopped(nsx, createDfwRule, { ...input, ...wrong }, 'NOT_FOUND');
  for (const wrong of [
    { sources: ['/infra/services/HTTPS'] },
    { destinations: ['10.0.0.300'] },
    { services: [`${groups}/web-servers`] },
    { scope: [`${groups}/../groups/web-servers`] },
  ])
    await expectStopped(nsx, createDfwRule, { ...input, ...wrong }, 'INVALID_INPUT');
  await expectStopped(nsx, createDfwRule, { ...input, scope: ['10.0.0.1'] }, 'NOT_FOUND');
});

test('a name that two groups have: both, to choose from', async () => {
  await using nsx = await lab();
  for (const id of ['web-servers', 'app-servers'])
    mallory(nsx, `${groups}/${id}`, { display_name: 'Twins' });
  const { details } = await expectStopped(
    nsx,
    createDfwRule,
    { ...input, sources: ['Twins'] },
    'AMBIGUOUS',
  );
  expect(details).toEqual({
    candidates: ['app-servers', 'web-servers'].map((id) => ({ id, path: `${groups}/${id}` })),
  });
  const { requests } = await planOf(nsx, createDfwRule, { ...input, sources: ['web-servers'] });
  expect(requests[0]).toContain(`"source_groups":["${groups}/web-servers"]`);
});

test('an id that exists, a locked policy, and a policy of the system are refused', async () => {
  await using nsx = await lab();
  await expectBlocked(
    nsx,
    createDfwRule,
    { ...input, rule_id: 'web-in' },
    `${policies}/shop/rules/web-in exists already (web-in); creating it would overwrite it.`,
  );
  await expectBlocked(
    nsx,
    createDfwRule,
    { ...input, policy_id: 'pci-locked' },
    'The policy pci-locked is locked by admin2: unlock it in NSX first.',
  );
  mallory(nsx, `${policies}/shop`, { _system_owned: true });
  await expectBlocked(nsx, createDfwRule, input, 'shop belongs to the system.');
  await expectStopped(nsx, createDfwRule, { ...input, policy_id: 'none' }, 'NOT_FOUND');
});

test('JUMP_TO_APPLICATION is for Environment, REJECT and an IP version not for Ethernet', async () => {
  await using nsx = await lab();
  const jump = { ...input, action: 'JUMP_TO_APPLICATION' } as const;
  await expectBlocked(
    nsx,
    createDfwRule,
    jump,
    'JUMP_TO_APPLICATION is for the category Environment only; shop is in Application.',
  );
  const ethernet = { ...input, policy_id: 'default-layer2-section' };
  await expectBlocked(
    nsx,
    createDfwRule,
    { ...ethernet, action: 'REJECT', ip_protocol: 'IPV4' },
    'REJECT is not for the category Ethernet, in which Default Layer2 Section is.',
    'A rule of the category Ethernet has no ip_protocol; Default Layer2 Section is in Ethernet.',
  );
  await change(nsx, createDfwRule, { ...jump, policy_id: 'isolate-test' });
  await change(nsx, createDfwRule, ethernet);
  expect(changesAt(nsx.sim).at(-1)).not.toContain('ip_protocol');
});

test('somebody made it after the preview: refused, theirs stays', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(createDfwRule, input);
  await change(nsx, createDfwRule, { ...input, display_name: 'Theirs', action: 'DROP' });
  expect(await nsx.agree(createDfwRule, input, preview)).toMatchObject({
    status: 'refused',
    code: 'BLOCKED',
  });
  expect(objectAt(nsx, `${policies}/shop/rules/new`)).toMatchObject({
    display_name: 'Theirs',
    action: 'DROP',
  });
});

test('somebody deleted its group after the preview: refused', async () => {
  await using nsx = await lab();
  const named = { ...input, sources: ['empty-old'] };
  const preview = await nsx.call(createDfwRule, named);
  nsx.sim.world.objects.remove(`${groups}/empty-old`);
  expect(await nsx.agree(createDfwRule, named, preview)).toMatchObject({ code: 'NOT_FOUND' });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test.each([
  [
    'project:shop-project',
    'stage',
    'partners',
    '/orgs/default/projects/shop-project/infra/domains/default',
  ],
  [
    'vpc:shop-project/shop-vpc',
    'backends',
    'backends',
    '/orgs/default/projects/shop-project/vpcs/shop-vpc',
  ],
])('finds groups of %s there and creates there', async (nsx_scope, policy_id, group, place) => {
  await using nsx = await lab();
  const made = await change(nsx, createDfwRule, {
    ...input,
    policy_id,
    nsx_scope,
    sources: [group],
  });
  expect(made).toMatchObject({
    sources: [`${place}/groups/${group}`],
    path: `${place}/security-policies/${policy_id}/rules/new`,
  });
  const foreign = { ...input, policy_id, nsx_scope, sources: ['web-servers'] };
  await expectStopped(nsx, createDfwRule, foreign, 'NOT_FOUND');
});

test('creates on a Global Manager', async () => {
  const path = '/global-infra/domains/default/security-policies/world';
  await using nsx = await lab({
    globalManager: true,
    estate: [{ path, resource_type: 'SecurityPolicy', category: 'Application' }],
  });
  const made = await change(nsx, createDfwRule, {
    ...input,
    policy_id: 'world',
    nsx_scope: 'global',
    services: ['HTTPS'],
  });
  expect(made).toMatchObject({
    path: `${path}/rules/new`,
    services: ['/global-infra/services/HTTPS'],
  });
});

test('more than NSX takes is refused before anything is asked', async () => {
  await using nsx = await lab();
  const many = Array.from({ length: 129 }, (_, at) => `10.0.0.${at}`);
  for (const wrong of [{ sources: many }, { action: 'PERMIT' }, { direction: 'BOTH' }])
    await expectStopped(nsx, createDfwRule, { ...input, ...wrong }, 'INVALID_INPUT');
  expect(nsx.sim.requests).toEqual([]);
});

test('ids that no path can hold', () =>
  expectIdsChecked(createDfwRule, input, 'policy_id', 'rule_id'));
test('needs its role and no more', () => expectRole(createDfwRule, input));
