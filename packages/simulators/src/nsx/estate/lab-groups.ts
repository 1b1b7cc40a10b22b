import type { World } from '../world.js';
import { type Fields, put } from './put.js';

export const group = (id: string): string => `/infra/domains/default/groups/${id}`;

const hasTag = (value: string): Fields => condition('Tag', 'EQUALS', value);

function condition(key: string, operator: string, value: string): Fields {
  return {
    resource_type: 'Condition',
    member_type: 'VirtualMachine',
    key,
    operator,
    value,
    ...(key === 'Tag' ? { scope_operator: 'EQUALS' } : {}),
  };
}

const addresses = (...ip_addresses: string[]): Fields => ({
  resource_type: 'IPAddressExpression',
  ip_addresses,
});

const paths = (...members: string[]): Fields => ({
  resource_type: 'PathExpression',
  paths: members,
});

const and: Fields = { resource_type: 'ConjunctionOperator', conjunction_operator: 'AND' };

/** Group -> expression. An empty expression has no members. */
const groups: Readonly<Record<string, readonly Fields[]>> = {
  'web-servers': [hasTag('tier|web')],
  'app-servers': [hasTag('tier|app')],
  'db-servers': [hasTag('tier|db')],
  shop: [paths(group('web-servers'), group('app-servers'), group('db-servers'))],
  'jump-hosts': [hasTag('role|jump')],
  'test-machines': [hasTag('env|test')],
  'dns-servers': [addresses('10.10.9.53')],
  corporate: [addresses('192.168.0.0/16', '172.16.5.10-172.16.5.20', '2001:db8:100::/48')],
  'web-segment': [paths('/infra/segments/seg-web')],
  quarantine: [hasTag('quarantine|yes')],
  'excluded-appliances': [condition('Name', 'EQUALS', 'appliance-01')],
  'prod-named': [
    {
      resource_type: 'NestedExpression',
      expressions: [condition('Name', 'STARTSWITH', 'web'), and, hasTag('app|shop')],
    },
  ],
  'empty-old': [],
};

/** Who is who in the lab; the Edge node is excluded from the firewall by the system. */
export function plantGroups(world: World): void {
  for (const [id, expression] of Object.entries(groups))
    put(world, 'Group', group(id), { expression });
  world.fabric.addEdge('edge-01');
  put(world, 'Group', group('edge-nodes'), {
    _system_owned: true,
    expression: [condition('Name', 'STARTSWITH', 'edge-')],
  });
  const lists = '/infra/settings/firewall/security';
  put(world, 'PolicyExcludeList', `${lists}/exclude-list`, {
    _system_owned: true,
    members: [group('excluded-appliances')],
  });
  put(world, 'PolicyExcludeList', `${lists}/system-exclude-list`, {
    _system_owned: true,
    members: [group('edge-nodes')],
  });
}
