import { expect, test } from 'vitest';
import { change, read } from '../../../test/answer.js';
import { folder, written } from '../../../test/files.js';
import { changesAt, lab } from '../../../test/lab.js';
import { listDfwRules } from '../rule/list-dfw-rules.js';
import { updateDfwRule } from '../rule/update-dfw-rule.js';
import { applyDfwPlan } from './apply-dfw-plan.js';

const plan = `version: 1
services:
  - { id: shop-admin, entries: [TCP:9443, UDP:9000-9010] }
groups:
  - { id: admins, display_name: Admins, ip_addresses: [192.168.7.0/24] }
policies:
  - id: shop-admin
    category: Application
    sequence_number: 15
    rules:
      - { id: admin-in, sources: [admins], destinations: [shop], services: [shop-admin, SSH], logged: true }
      - { id: deny-admin, action: DROP, destinations: [shop], services: [shop-admin] }
  - id: shop
    sequence_number: 11
absent:
  groups: [empty-old]
`;

test('makes what is declared in one transaction, twice is once, and nothing else is touched', async () => {
  await using nsx = await lab();
  using files = folder();
  const file = written(files.path('plan.yaml'), plan);
  expect(await change(nsx, applyDfwPlan, { file })).toEqual({
    file,
    changed: 7,
    removed: 1,
    differences_left: 0,
  });
  expect(changesAt(nsx.sim)).toHaveLength(1);
  const { items } = await read(nsx, listDfwRules, { policy_id: 'shop-admin' });
  expect(items).toMatchObject([
    {
      id: 'admin-in',
      sources: ['/infra/domains/default/groups/admins'],
      services: ['/infra/services/shop-admin', '/infra/services/SSH'],
      sequence_number: 10,
    },
    { id: 'deny-admin', action: 'DROP', sequence_number: 20 },
  ]);
  expect((await read(nsx, listDfwRules, { policy_id: 'shop' })).total).toBe(6);
  expect(await nsx.call(applyDfwPlan, { file })).toMatchObject({ plan: { requests: [] } });
});

test('ids with spaces, percent signs and umlauts are the same object the second time', async () => {
  await using nsx = await lab();
  using files = folder();
  const file = written(
    files.path('plan.yaml'),
    `version: 1
services: [{ id: "a b%20c", entries: [TCP:1] }]
groups: [{ id: "Büro 1", ip_addresses: [10.1.1.1] }]
policies: [{ id: "pol 100%", rules: [{ id: "r 1", sources: ["Büro 1"], services: ["a b%20c"] }] }]
`,
  );
  expect(await change(nsx, applyDfwPlan, { file })).toMatchObject({
    changed: 4,
    differences_left: 0,
  });
  expect(await nsx.call(applyDfwPlan, { file })).toMatchObject({ plan: { requests: [] } });
});

test('rules that a policy has and the plan does not name are deleted', async () => {
  await using nsx = await lab();
  using files = folder();
  const text = `version: 1
policies:
  - id: shop
    rules:
      - { id: web-in, destinations: [web-servers], services: [HTTPS], scope: [web-servers] }
`;
  const file = written(files.path('plan.yaml'), text);
  expect(await nsx.call(applyDfwPlan, { file })).toMatchObject({
    plan: { changes: expect.arrayContaining(['delete the rule old-ftp (shop/rules/old-ftp)']) },
  });
  await change(nsx, applyDfwPlan, { file });
  const { items } = await read(nsx, listDfwRules, { policy_id: 'shop' });
  expect(items.map(({ id }) => id)).toEqual(['web-in']);
});

test('what drifted since the preview is shown again, and nothing is sent', async () => {
  await using nsx = await lab();
  using files = folder();
  const text = plan.replace(
    'sequence_number: 11',
    'rules: [{ id: web-in, destinations: [web-servers], logged: true }]',
  );
  const file = written(files.path('plan.yaml'), text);
  const preview = await nsx.call(applyDfwPlan, { file });
  await change(nsx, updateDfwRule, { policy_id: 'shop', rule_id: 'web-in', disabled: true });
  const before = changesAt(nsx.sim).length;
  const outcome = await nsx.agree(applyDfwPlan, { file }, preview);
  expect(outcome).toMatchObject({ status: 'preview' });
  expect(changesAt(nsx.sim)).toHaveLength(before);
});

test('one thing that NSX refuses, and nothing of it happens', async () => {
  await using nsx = await lab();
  using files = folder();
  // A group of a project is not seen from the default scope: only NSX knows.
  const text = plan.replace(
    'destinations: [shop], services: [shop-admin] }',
    'destinations: [/orgs/default/projects/none/infra/domains/default/groups/x] }',
  );
  const file = written(files.path('plan.yaml'), text);
  const before = [...nsx.sim.world.objects.all()].map(({ path }) => path).sort();
  expect(await nsx.change(applyDfwPlan, { file })).toMatchObject({ status: 'failed' });
  expect([...nsx.sim.world.objects.all()].map(({ path }) => path).sort()).toEqual(before);
});

test.each([
  ['version: 2\n', ':1:10: version'],
  [
    'version: 1\npolicies:\n  - id: a\n    rulez: []\n',
    ':3:5: policies.0: Unrecognized key: "rulez"',
  ],
  [
    'version: 1\npolicies:\n  - id: a\n    rules:\n      - { id: r, action: DORP }\n',
    ':5:26: policies.0.rules.0.action',
  ],
  ['version: 1\n\tx: 1\n', ':2:1'],
  ['version: 1\ngroups: [{ id: a }, { id: a }]\n', 'the group a is named twice'],
  [
    'version: 1\npolicies: [{ id: p, rules: [{ id: r, sources: [nobody] }] }]\n',
    'neither there nor in the plan',
  ],
  ['version: 1\npolicies: [{ id: p, rules: [{ id: r, sources: [ANY, corporate] }] }]\n', 'ANY'],
  ['version: 1\nservices: [{ id: s, entries: ["TCP:70000"] }]\n', '0 to 65535'],
  ['version: 1\ngroups: [{ id: g, ip_addresses: ["10.0.0.999"] }]\n', 'not an IP address'],
  ['version: 1\npolicies: [{ id: a/b, rules: [] }]\n', 'slash'],
])('%j is refused: %s', async (text, words) => {
  await using nsx = await lab();
  using files = folder();
  const file = written(files.path('plan.yaml'), text);
  const outcome = await nsx.call(applyDfwPlan, { file });
  expect(outcome).toMatchObject({ message: expect.stringContaining(words) });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test.each([
  ['policies: [{ id: pci-locked, sequence_number: 9 }]', 'locked by admin2'],
  ['policies: [{ id: shop, category: Environment }]', 'cannot be changed'],
  ['absent: { policies: [default-layer3-section] }', 'default'],
  ['absent: { services: [HTTPS] }', 'belongs to the system'],
])('%s is blocked: %s', async (part, words) => {
  await using nsx = await lab();
  using files = folder();
  const file = written(files.path('plan.yaml'), `version: 1\n${part}\n`);
  expect(await nsx.call(applyDfwPlan, { file })).toMatchObject({
    plan: { blockers: expect.arrayContaining([expect.stringContaining(words)]) },
  });
});

test.each(['project:shop-project', 'vpc:shop-project/shop-vpc'])(
  'works in %s',
  async (nsx_scope) => {
    await using nsx = await lab();
    using files = folder();
    const text = `version: 1
groups: [{ id: fresh, ip_addresses: [10.99.0.0/24] }]
policies: [{ id: fresh, rules: [{ id: one, sources: [fresh], services: [HTTPS] }] }]
`;
    const file = written(files.path('plan.yaml'), text.replace(', services: [HTTPS]', ''));
    expect(await change(nsx, applyDfwPlan, { file, nsx_scope })).toMatchObject({
      changed: 3,
      differences_left: 0,
    });
  },
);
