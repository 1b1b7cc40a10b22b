import { expect, test } from 'vitest';
import { simulateNsx } from '../src/index.js';
import { groups, NsxWire, policies } from './nsx-wire.js';

const condition = (value: string, member_type = 'VirtualMachine') => ({
  resource_type: 'Condition',
  member_type,
  key: 'Tag',
  operator: 'EQUALS',
  value,
});
const join = (conjunction_operator: string) => ({
  resource_type: 'ConjunctionOperator',
  conjunction_operator,
});
const addresses = (...ip_addresses: string[]) => ({
  resource_type: 'IPAddressExpression',
  ip_addresses,
});
const paths = (...members: string[]) => ({ resource_type: 'PathExpression', paths: members });
const many = (count: number) => Array.from({ length: count }, (_, at) => String(at));

/** Path, body, and what the message must name. */
type Refusal = readonly [path: string, body: unknown, named: string];

async function expectRefusals(refusals: readonly Refusal[]): Promise<void> {
  await using nsx = await simulateNsx();
  const wire = await NsxWire.enter(nsx);
  const version = nsx.world.objects.version;
  for (const [path, body, named] of refusals)
    for (const method of ['PUT', 'PATCH']) {
      const { status, json } = await wire.send(method, path, { body });
      expect([path, body, status]).toEqual([path, body, 400]);
      expect(json.error_message).toContain(named);
      expect(json.error_code).toEqual(expect.any(Number));
    }
  for (const path of [`${groups}/x`, `${policies}/x`])
    expect((await wire.get(path)).status).toBe(404);
  expect([...nsx.world.objects.all()].some(({ path }) => path.includes('/x'))).toBe(false);
  expect(nsx.world.objects.version).toBeGreaterThanOrEqual(version);
}

test('a body that is no JSON object, or not of the type, is refused and the field is named', () =>
  expectRefusals([
    [`${groups}/x`, '', 'JSON'],
    [`${groups}/x`, '{"display_name":', 'JSON'],
    [`${groups}/x`, '[]', 'object'],
    [`${groups}/x`, { displayname: 'x' }, 'displayname'],
    [`${groups}/x`, { display_name: 5 }, 'display_name'],
    [`${groups}/x`, { display_name: 'n'.repeat(256) }, 'display_name'],
    [`${groups}/x`, { description: 'n'.repeat(1025) }, 'description'],
    [`${groups}/x`, { expression: {} }, 'expression'],
    [`${groups}/x`, { tags: many(31).map((tag) => ({ tag })) }, 'tags'],
    [`${groups}/x`, { tags: [{ scope: 's'.repeat(129), tag: 't' }] }, 'scope'],
    [`${groups}/x`, { id: 'y' }, 'id'],
    [`${groups}/x`, { resource_type: 'Rule' }, 'resource_type'],
    [`${groups}/x`, { expression: [{ ...condition('a|b'), operator: 'LIKE' }] }, 'operator'],
    [`${groups}/x`, { expression: [{ resource_type: 'Wish' }] }, 'resource_type'],
    [`${groups}/x`, { expression: [{ ...condition('a'), tag: 'x' }] }, 'expression[0].tag'],
    [`${groups}/x`, { expression: [{ resource_type: 'Condition', key: 'Tag' }] }, 'member_type'],
    [`${policies}/x`, { stateful: 'true' }, 'stateful'],
    [`${policies}/x`, { sequence_number: 1.5 }, 'sequence_number'],
    [`${policies}/x`, { sequence_number: 1_000_000 }, 'sequence_number'],
    [`${policies}/x`, { category: 'Applications' }, 'Applications'],
    [`${policies}/shop`, { category: 'Emergency', _revision: 0 }, 'category'],
    [`${policies}/x`, { rules: [{ action: 'ALLOW' }] }, 'rules[0].id'],
    [`${policies}/x`, { rules: [{ id: 'r' }] }, 'action'],
    [`${policies}/x`, { rules: [{ id: 'r', action: 'PERMIT' }] }, 'rules[0].action'],
    [`${policies}/shop/rules/x`, { action: 'ALLOW', notes: 'n'.repeat(2049) }, 'notes'],
    [`${policies}/shop/rules/x`, { action: 'ALLOW', source_groups: many(129) }, 'source_groups'],
    [`${policies}/shop/rules/x`, { action: 'JUMP_TO_APPLICATION' }, 'Environment'],
  ]));

test('the expression of a group alternates, joins alike with AND, and has addresses that are addresses', () =>
  expectRefusals([
    [`${groups}/x`, { expression: [condition('a|b'), join('OR')] }, 'odd'],
    [`${groups}/x`, { expression: [condition('a'), condition('b'), condition('c')] }, '[1]'],
    [`${groups}/x`, { expression: [condition('a'), join('AND'), addresses('10.0.0.1')] }, 'AND'],
    [
      `${groups}/x`,
      { expression: [condition('a'), join('AND'), condition('b', 'Segment')] },
      'AND',
    ],
    [
      `${groups}/x`,
      {
        expression: many(6)
          .flatMap((tag) => [join('OR'), condition(tag)])
          .slice(1),
      },
      'conditions',
    ],
    [`${groups}/x`, { expression: [condition('a|b|c')] }, 'scope|tag'],
    [`${groups}/x`, { expression: [addresses('10.0.0.256')] }, '10.0.0.256'],
    [`${groups}/x`, { expression: [addresses('10.0.0.0/33')] }, '10.0.0.0/33'],
    [`${groups}/x`, { expression: [addresses()] }, 'ip_addresses'],
    [`${groups}/x`, { expression: [paths(`${groups}/x`)] }, 'itself'],
    [`${groups}/x`, { expression: [paths(`${groups}/nobody`)] }, 'nobody'],
    [
      `${groups}/x`,
      {
        expression: [
          { resource_type: 'NestedExpression', expressions: [condition('a'), join('OR')] },
        ],
      },
      'odd',
    ],
  ]));

test('a path that leads nowhere or to another kind is refused, and ANY stands alone', () => {
  const rule = `${policies}/shop/rules/x`;
  const allow = { action: 'ALLOW' };
  return expectRefusals([
    [
      rule,
      { ...allow, source_groups: [`${groups}/nobody`] },
      `The path=[${groups}/nobody] is invalid`,
    ],
    [rule, { ...allow, source_groups: ['/infra/services/HTTPS'] }, '/infra/services/HTTPS'],
    [rule, { ...allow, services: [`${groups}/shop`] }, `${groups}/shop`],
    [rule, { ...allow, services: ['HTTPS'] }, 'HTTPS'],
    [rule, { ...allow, profiles: ['/infra/context-profiles/none'] }, 'none'],
    [rule, { ...allow, scope: [`${groups}/nobody`] }, 'nobody'],
    [rule, { ...allow, destination_groups: ['ANY', `${groups}/shop`] }, 'ANY'],
    [rule, { ...allow, services: ['any', '/infra/services/HTTPS'] }, 'ANY'],
    [`${policies}/x`, { scope: [`${groups}/nobody`] }, 'nobody'],
    [
      `${policies}/nobody/rules/x`.replace('nobody', 'shop'),
      { ...allow, destination_groups: ['10.0.0.1-x'] },
      '10.0.0.1-x',
    ],
  ]);
});

test('ports of a service are ports, at most fifteen of them', () => {
  const entry = (destination_ports: string[]) => ({
    service_entries: [
      { resource_type: 'L4PortSetServiceEntry', l4_protocol: 'TCP', destination_ports },
    ],
  });
  return expectRefusals([
    ['/infra/services/x', entry(many(16)), 'destination_ports'],
    ['/infra/services/x', entry(['65536']), '65536'],
    ['/infra/services/x', entry(['20-10']), '20-10'],
    ['/infra/services/x', entry(['ssh']), 'ssh'],
    [
      '/infra/services/x',
      { service_entries: [{ resource_type: 'L4PortSetServiceEntry' }] },
      'l4_protocol',
    ],
    [
      '/infra/services/x',
      {
        service_entries: [
          {
            resource_type: 'NestedServiceServiceEntry',
            nested_service_path: '/infra/services/none',
          },
        ],
      },
      'none',
    ],
  ]);
});

test('what is well formed is taken, parts of a group and a service get an id and a path', async () => {
  await using nsx = await simulateNsx();
  const wire = await NsxWire.enter(nsx);
  const expression = [
    condition('app|shop'),
    join('AND'),
    {
      resource_type: 'NestedExpression',
      expressions: [condition('a'), join('AND'), condition('b')],
    },
    join('OR'),
    addresses('10.0.0.1', '10.0.0.0/8', '10.0.0.1-10.0.0.9', '2001:db8::/32'),
    join('OR'),
    paths(`${groups}/shop`, '/infra/segments/seg-web'),
  ];
  const made = await wire.put(`${groups}/x`, { expression, description: null });
  expect([made.status, made.json.error_message]).toEqual([200, undefined]);
  expect(made.json.expression[0]).toMatchObject({
    ...condition('app|shop'),
    parent_path: `${groups}/x`,
  });
  const again = await wire.put(`${groups}/x`, made.json);
  expect(again.json.expression).toEqual(made.json.expression);
  const ports = ['80', '8000-8100'];
  const service = await wire.put('/infra/services/x', {
    service_entries: [
      { resource_type: 'L4PortSetServiceEntry', l4_protocol: 'TCP', destination_ports: ports },
      { resource_type: 'ICMPTypeServiceEntry', protocol: 'ICMPv4', icmp_type: 8 },
    ],
  });
  expect(service.json.service_entries[0].path).toContain('/infra/services/x/service-entries/');
  const rule = {
    action: 'DROP',
    source_groups: ['10.0.0.0/8', `${groups}/x`],
    services: ['/infra/services/x'],
  };
  expect((await wire.put(`${policies}/shop/rules/x`, rule)).status).toBe(200);
  const environment = {
    category: 'Environment',
    rules: [{ id: 'j', action: 'JUMP_TO_APPLICATION' }],
  };
  expect((await wire.put(`${policies}/x`, environment)).status).toBe(200);
});

test('everything the lab lets people change can be sent back as it was read', async () => {
  await using nsx = await simulateNsx({ limits: { perSecond: 10_000 } });
  const wire = await NsxWire.enter(nsx);
  let sent = 0;
  for (const { path, resource_type } of [...nsx.world.objects.all()]) {
    if (!writable.has(resource_type) || /pci-locked|system-exclude-list/.test(path)) continue;
    const { json } = await wire.get(path);
    const answer = await wire.put(path, json);
    if (json._system_owned && untouchable.has(resource_type)) {
      expect(answer.json.error_message).toContain('owned by the system');
      continue;
    }
    expect([path, answer.status, answer.json.error_message]).toEqual([path, 200, undefined]);
    const ignored = { _revision: 0, _last_modified_time: 0, _last_modified_user: '', rules: [] };
    expect({ ...answer.json, ...ignored }).toEqual({ ...json, ...ignored });
    sent += 1;
  }
  expect(sent).toBeGreaterThan(60);
});

const writable = new Set([
  'SecurityPolicy',
  'GatewayPolicy',
  'IdsSecurityPolicy',
  'Rule',
  'IdsRule',
  'Group',
  'Service',
  'PolicyContextProfile',
  'Segment',
  'SegmentPort',
  'DfwFirewallConfiguration',
  'PolicyExcludeList',
  'IdsSettings',
  'IdsProfile',
]);

const untouchable = new Set(['Group', 'Service', 'PolicyContextProfile', 'IdsProfile']);
