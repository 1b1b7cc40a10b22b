import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NsxSimulation } from '@vmware/simulators';
import { expect, test } from 'vitest';
import type { Snapshot } from '../src/dfw/snapshot.js';
import { nsxSecurity } from '../src/toolset.js';
import { type AnyTool, changing, type Input, inputFor, type OnSim } from './changes.js';
import { lab } from './lab.js';
import { unknownIn } from './wire-check.js';

const tools: ReadonlyMap<string, AnyTool> = new Map(
  Object.values(nsxSecurity.groups)
    .flat()
    .map((tool) => [tool.name, tool]),
);

/** Every request so far, but for what the catalogue of NSX does not know. */
const strangeIn = ({ requests }: NsxSimulation): string[] => [
  ...new Set(requests.flatMap(unknownIn)),
];

async function done(nsx: OnSim, name: string, input: Input): Promise<Input> {
  const tool = tools.get(name);
  if (!tool) throw new Error(`there is no tool ${name}`);
  const outcome =
    tool.effect === 'read'
      ? await nsx.call(tool, input as never)
      : await nsx.change(tool, input as never);
  if (outcome.status !== 'done') throw new Error(`${name}: ${JSON.stringify(outcome)}`);
  return outcome.output;
}

/** Reads of the default scope, on the estate `lab`. */
const reads: Readonly<Record<string, readonly Input[]>> = {
  list_dfw_policies: [{}, { name_filter: 'shop' }, { name_filter: 'sh*' }],
  get_dfw_policy: [{ policy_id: 'shop' }],
  list_dfw_rules: [{ policy_id: 'shop' }, { policy_id: 'shop', hits: true }],
  get_dfw_rule_stats: [{ policy_id: 'shop', rule_id: 'web-in' }],
  list_groups: [{}, { name_filter: 'web' }],
  get_group: [{ group_id: 'web-servers' }, { group_id: 'corporate' }],
  list_vm_tags: [{ vm_display_name: 'web-01' }],
  find_tagged: [{ tag_value: 'web', tag_scope: 'tier' }, { tag_value: 'web' }],
  list_dfw_exclusions: [{}],
  list_services: [{}, { port: 443 }, { name_filter: 'HTTP*' }],
  list_context_profiles: [{}],
  explain_vm_firewall: [{ vm: 'web-01' }],
  explain_connectivity: [
    { source: 'web-01', destination: 'app-01', protocol: 'TCP', port: '8443' },
    { source: 'corporate', destination: 'web-servers', service: 'HTTPS' },
    { source: '10.10.9.10', destination: 'db-servers' },
  ],
  analyze_dfw_rules: [{}],
  find_unused_rules: [{}],
  diff_dfw: [{ other_target: 'prod' }],
  list_idps_profiles: [{}],
  get_idps_status: [{}],
};

/** Everything a scope can do, in an order in which it can. */
const script = (scope: string, has: Readonly<Record<'policy' | 'rule' | 'group', string>>) => {
  const s = { nsx_scope: scope };
  const { policy, rule, group } = has;
  const steps: [string, Input][] = [
    ['list_dfw_policies', s],
    ['get_dfw_policy', { policy_id: policy, ...s }],
    ['list_dfw_rules', { policy_id: policy, hits: true, ...s }],
    ['get_dfw_rule_stats', { policy_id: policy, rule_id: rule, ...s }],
    ['list_groups', s],
    ['get_group', { group_id: group, ...s }],
    ['list_services', s],
    ['list_context_profiles', s],
    ['create_dfw_policy', { policy_id: 'new', display_name: 'New', description: 'x', ...s }],
    ['update_dfw_policy', { policy_id: 'new', sequence_number: 7, stateful: false, ...s }],
    ['create_group', { group_id: 'ips', display_name: 'IPs', ip_addresses: ['10.9.9.9'], ...s }],
    [
      'update_group',
      { group_id: 'ips', add_ip_addresses: ['10.9.9.8'], add_groups: [group], ...s },
    ],
    [
      'create_dfw_rule',
      {
        policy_id: 'new',
        rule_id: 'one',
        display_name: 'One',
        sources: ['ips', '192.0.2.0/24'],
        destinations: [group],
        scope: [group],
        ...s,
      },
    ],
    ['create_dfw_rule', { policy_id: 'new', rule_id: 'two', display_name: 'Two', ...s }],
    ['update_dfw_rule', { policy_id: 'new', rule_id: 'one', logged: true, action: 'DROP', ...s }],
    ['move_dfw_rule', { policy_id: 'new', rule_id: 'two', position: 'top', ...s }],
    ['move_dfw_rule', { policy_id: 'new', rule_id: 'two', position: 'after', anchor: 'one', ...s }],
    ['analyze_dfw_rules', s],
    ['find_unused_rules', s],
    ['delete_dfw_rule', { policy_id: 'new', rule_id: 'one', ...s }],
    ['delete_dfw_rule', { policy_id: 'new', rule_id: 'two', ...s }],
    ['delete_group', { group_id: 'ips', ...s }],
    ['delete_dfw_policy', { policy_id: 'new', ...s }],
  ];
  return steps;
};

/** A plan of every kind of object, and the way back to a snapshot of before. */
async function planAndRestore(nsx: OnSim, scope: string): Promise<void> {
  const before = join(nsx.userHome, 'before.json');
  await done(nsx, 'snapshot_dfw', { file: before, inventory: false, nsx_scope: scope });
  const file = join(nsx.userHome, 'scope.yaml');
  writeFileSync(
    file,
    `version: 1
groups: [{ id: planned, ip_addresses: [192.0.2.1] }]
policies:
  - id: planned
    category: Application
    rules: [{ id: in, sources: [planned], action: DROP }]
`,
  );
  expect(await done(nsx, 'apply_dfw_plan', { file, nsx_scope: scope })).toMatchObject({
    differences_left: 0,
  });
  await done(nsx, 'diff_dfw', { before, nsx_scope: scope });
  expect(await done(nsx, 'restore_dfw', { snapshot: before, nsx_scope: scope })).toMatchObject({
    differences_left: 0,
  });
  const { policies } = JSON.parse(readFileSync(before, 'utf8')) as Snapshot;
  expect(await done(nsx, 'list_dfw_policies', { nsx_scope: scope })).toMatchObject({
    total: policies.length,
  });
}

test('the check finds a route, a parameter and a field, however deep, that NSX does not have', () => {
  const at = {
    on: '',
    changes: true,
    at: new Date(),
    session: undefined,
    user: undefined,
    bytes: 0,
  };
  const group = 'PUT /policy/api/v1/infra/domains/{}/groups/{}';
  const body = JSON.stringify({
    display_name: 'a',
    color: 'red',
    expression: [{ resource_type: 'Condition', key: 'Tag', mood: 1 }],
  });
  const hierarchy = JSON.stringify({
    children: [{ resource_type: 'ChildGroup', Group: { id: 'a', hue: 1 }, colour: 1 }],
  });
  const root = 'PATCH /policy/api/v1/infra';
  expect([
    ...unknownIn({
      ...at,
      method: 'GET /policy/api/v1/infra/nothing',
      target: '',
      body: undefined,
    }),
    ...unknownIn({ ...at, method: group, target: '/x?force=1', body }),
    ...unknownIn({
      ...at,
      method: root,
      target: '/x?enforce_revision_check=true',
      body: hierarchy,
    }),
  ]).toEqual([
    'route GET /policy/api/v1/infra/nothing',
    `parameter force of ${group}`,
    `field color of ${group}`,
    `field expression.mood of ${group}`,
    `field children.Group.hue of ${root}`,
    `field children.colour of ${root}`,
  ]);
});

test('every read of the default scope asks only for what NSX has', async () => {
  await using nsx = await lab();
  for (const [name, inputs] of Object.entries(reads))
    for (const input of inputs) await done(nsx, name, input);
  await done(nsx, 'snapshot_dfw', { file: join(nsx.userHome, 'taken.json') });
  const trace = await done(nsx, 'run_traceflow', {
    src_vm: 'web-01',
    dst_ip: '10.10.2.11',
    protocol: 'udp',
  });
  nsx.sim.faults.add({
    match: { method: 'DELETE /policy/api/v1/infra/traceflows/{}' },
    then: { status: 500 },
  });
  const { traceflow_id } = await done(nsx, 'run_traceflow', {
    src_vm: 'web-01',
    dst_ip: '10.10.2.11',
    protocol: 'icmp',
  });
  await done(nsx, 'get_traceflow_result', { traceflow_id });
  expect(trace['cleaned_up']).toBe(true);
  expect(strangeIn(nsx.sim)).toEqual([]);
  const called = [...Object.keys(reads), 'snapshot_dfw', 'get_traceflow_result'];
  const all = [...tools.values()].filter(({ effect, cliOnly }) => effect === 'read' && !cliOnly);
  expect(called.sort()).toEqual(all.map(({ name }) => name).sort());
});

test.each(changing.map((tool) => [tool.name, tool] as const))(
  '%s sends only what NSX has',
  async (_name, tool) => {
    await using nsx = await lab();
    await done(nsx, tool.name, await inputFor(tool, nsx));
    expect(strangeIn(nsx.sim)).toEqual([]);
  },
);

test.each([
  ['project:shop-project', { policy: 'stage', rule: 'partners-in', group: 'stage' }],
  ['vpc:shop-project/shop-vpc', { policy: 'backends', rule: 'backends-out', group: 'backends' }],
])('in the scope %s everything asks and sends only what NSX has there', async (scope, has) => {
  await using nsx = await lab();
  for (const [name, input] of script(scope, has)) await done(nsx, name, input);
  await planAndRestore(nsx, scope);
  expect(strangeIn(nsx.sim)).toEqual([]);
});

test('in a project services are made, and packets are traced', async () => {
  await using nsx = await lab();
  const s = { nsx_scope: 'project:shop-project' };
  await done(nsx, 'create_service', {
    service_id: 'a',
    display_name: 'A',
    entries: ['TCP:1'],
    ...s,
  });
  await done(nsx, 'find_tagged', { tag_value: 'stage', ...s });
  await done(nsx, 'explain_vm_firewall', { vm: 'ci-runner-03', ...s });
  await done(nsx, 'explain_connectivity', { source: 'partners', destination: 'stage', ...s });
  const stage = nsx.sim.inventory.find('vm', 'ci-runner-03');
  if (stage) nsx.sim.inventory.change(stage, { power: 'poweredOn' });
  const traced = await done(nsx, 'run_traceflow', {
    src_vm: 'ci-runner-03',
    src_ip: '10.30.1.53',
    dst_ip: '10.30.1.99',
    ...s,
  });
  expect(traced['operation_state']).toBe('FINISHED');
  expect(strangeIn(nsx.sim)).toEqual([]);
});

test('on a Global Manager everything asks and sends only what it has', async () => {
  const domain = '/global-infra/domains/default';
  await using nsx = await lab({
    globalManager: true,
    estate: [
      { path: `${domain}/groups/web`, resource_type: 'Group', expression: [] },
      {
        path: `${domain}/security-policies/shop`,
        resource_type: 'SecurityPolicy',
        category: 'Application',
        sequence_number: 10,
      },
      {
        path: `${domain}/security-policies/shop/rules/in`,
        resource_type: 'Rule',
        action: 'ALLOW',
        source_groups: ['ANY'],
        destination_groups: [`${domain}/groups/web`],
        services: ['ANY'],
      },
    ],
  });
  const s = { nsx_scope: 'global' };
  for (const [name, input] of script('global', { policy: 'shop', rule: 'in', group: 'web' }))
    await done(nsx, name, input);
  await done(nsx, 'create_service', {
    service_id: 'a',
    display_name: 'A',
    entries: ['TCP:1'],
    ...s,
  });
  await planAndRestore(nsx, 'global');
  expect(strangeIn(nsx.sim)).toEqual([]);
});
