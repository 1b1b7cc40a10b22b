import type { Expression } from '@vmware/clients/nsx';
import { describe, expect, it } from 'vitest';
import { type Bits, members } from './bits.js';
import { formatIps } from './ip-set.js';
import { Membership } from './membership.js';
import { groupPath, machines, snapshotOf } from './oracle/hand-made.js';
import type { Snapshot } from './snapshot.js';
import { nameOf, Vnics } from './vnics.js';

const and = { resource_type: 'ConjunctionOperator', conjunction_operator: 'AND' };
const or = { resource_type: 'ConjunctionOperator', conjunction_operator: 'OR' };
const when = (key: string, operator: string, value: string, more = {}): Expression => ({
  resource_type: 'Condition',
  member_type: 'VirtualMachine',
  key,
  operator,
  value,
  ...more,
});

const base = {
  ...machines(
    ['web-1', '10.0.0.1', 'tier|Web', 'env|prod'],
    ['web-2', '10.0.0.2', 'tier|web', 'env|dev'],
    ['db-1', '10.0.0.3', 'tier|db', 'env|prod'],
  ),
  segments: [{ id: 's1', path: '/infra/segments/s1', tags: [{ scope: 'zone', tag: 'a' }] }],
  segment_ports: [
    { id: 'p1', path: '/infra/segments/s1/ports/p1', attachment: { id: 'att-web-1' } },
    {
      id: 'p2',
      path: '/infra/segments/s1/ports/p2',
      attachment: { id: 'att-db-1' },
      tags: [{ scope: '', tag: 'x' }],
    },
    {
      id: 'p3',
      path: '/infra/segments/s1/ports/p3',
      attachment: { id: 'edge' },
      address_bindings: [{ ip_address: '10.0.0.9' }],
    },
  ],
};

function membersOf(expression: readonly Expression[], more: Partial<Snapshot> = {}) {
  const snapshot = snapshotOf({
    ...base,
    ...more,
    groups: [{ id: 'g', path: groupPath('g'), expression }, ...(more.groups ?? [])],
  });
  const vnics = new Vnics(snapshot);
  const found = new Membership(snapshot, vnics).of(groupPath('g'));
  const names = (bits: Bits) =>
    members(bits).map((i) => {
      const v = vnics.all[i];
      return v ? nameOf(v) : '';
    });
  return {
    must: names(found.vnics.must),
    may: names(found.vnics.may),
    ips: formatIps(found.ips.must),
    unknown: found.unknown,
  };
}

describe('the members of a group', () => {
  it.each([
    [
      'a tag with its scope, whatever the case',
      [when('Tag', 'EQUALS', 'TIER|web')],
      ['web-1', 'web-2'],
    ],
    ['a tag of any scope', [when('Tag', 'EQUALS', '|prod')], ['web-1', 'db-1']],
    ['a tag written without scope', [when('Tag', 'EQUALS', 'prod')], ['web-1', 'db-1']],
    ['any tag of a scope', [when('Tag', 'EQUALS', 'tier|')], ['web-1', 'web-2', 'db-1']],
    [
      'a tag of another scope',
      [when('Tag', 'EQUALS', 'tier|prod', { scope_operator: 'NOTEQUALS' })],
      ['web-1', 'db-1'],
    ],
    ['no such tag', [when('Tag', 'NOTEQUALS', 'tier|web')], ['db-1']],
    ['the beginning of a tag', [when('Tag', 'STARTSWITH', 'tier|d')], ['db-1']],
    ['a name', [when('Name', 'CONTAINS', 'WEB')], ['web-1', 'web-2']],
    ['the end of a name', [when('Name', 'ENDSWITH', '-1')], ['web-1', 'db-1']],
    ['another name', [when('Name', 'NOTEQUALS', 'db-1')], ['web-1', 'web-2']],
    ['a name of a list', [when('Name', 'IN', 'db-1, web-2')], ['web-2', 'db-1']],
    [
      'two conditions at once',
      [when('Tag', 'EQUALS', 'tier|web'), and, when('Tag', 'EQUALS', 'env|prod')],
      ['web-1'],
    ],
    [
      'one of two',
      [when('Name', 'EQUALS', 'web-1'), or, when('Name', 'EQUALS', 'db-1')],
      ['web-1', 'db-1'],
    ],
    [
      'a nest',
      [
        {
          resource_type: 'NestedExpression',
          expressions: [when('Tag', 'EQUALS', 'env|prod'), and, when('Tag', 'EQUALS', 'tier|db')],
        },
      ],
      ['db-1'],
    ],
    [
      'a segment',
      [{ resource_type: 'PathExpression', paths: ['/infra/segments/s1'] }],
      ['web-1', 'db-1', '/infra/segments/s1/ports/p3'],
    ],
    [
      'a port',
      [{ resource_type: 'PathExpression', paths: ['/infra/segments/s1/ports/p2'] }],
      ['db-1'],
    ],
    ['a tagged port', [when('Tag', 'EQUALS', '|x', { member_type: 'SegmentPort' })], ['db-1']],
    [
      'a tagged segment',
      [when('Tag', 'EQUALS', 'zone|a', { member_type: 'Segment' })],
      ['web-1', 'db-1', '/infra/segments/s1/ports/p3'],
    ],
    [
      'a VM by its id',
      [
        {
          resource_type: 'ExternalIDExpression',
          member_type: 'VirtualMachine',
          external_ids: ['web-2'],
        },
      ],
      ['web-2'],
    ],
  ] as const)('are those with %s', (_, expression, names) => {
    const found = membersOf(expression);
    expect(found.must).toEqual(names);
    expect(found.may).toEqual(names);
    expect(found.unknown).toEqual([]);
  });

  it('include addresses and what is in nested groups', () => {
    const inner = {
      id: 'inner',
      path: groupPath('inner'),
      expression: [
        { resource_type: 'IPAddressExpression', ip_addresses: ['10.9.0.0/16', '10.8.0.1'] },
      ],
    };
    const found = membersOf(
      [
        { resource_type: 'PathExpression', paths: [groupPath('inner')] },
        or,
        when('Name', 'EQUALS', 'db-1'),
      ],
      { groups: [inner] },
    );
    expect(found).toMatchObject({ must: ['db-1'], ips: ['10.8.0.1', '10.9.0.0/16'], unknown: [] });
  });

  it.each([
    ['an unknown kind of expression', [{ resource_type: 'IdentityGroupExpression' }], {}],
    ['an operator that is not documented', [when('Name', 'MATCHES', 'w.*')], {}],
    [
      'a group that is not there',
      [{ resource_type: 'PathExpression', paths: ['/infra/domains/default/groups/gone'] }],
      {},
    ],
    ['a circle', [{ resource_type: 'PathExpression', paths: [groupPath('g')] }], {}],
    ['VMs that were not read', [when('Name', 'EQUALS', 'x')], { virtual_machines: null }],
    [
      'ports that were not read',
      [{ resource_type: 'PathExpression', paths: ['/infra/segments/s1'] }],
      { segment_ports: null },
    ],
  ] as const)('may be anybody with %s', (_, expression, more) => {
    const found = membersOf(expression, more);
    expect(found.must).toEqual([]);
    expect(found.may.length).toBeGreaterThanOrEqual(3);
    expect(found.unknown).toHaveLength(1);
  });

  it('are in doubt only where the two readings of OR and AND differ', () => {
    const mixed = [
      when('Name', 'EQUALS', 'web-2'),
      or,
      when('Tag', 'EQUALS', 'env|prod'),
      and,
      when('Tag', 'EQUALS', 'tier|web'),
    ];
    expect(membersOf(mixed)).toMatchObject({ must: ['web-1', 'web-2'], unknown: [] });
    const differing = [
      when('Name', 'EQUALS', 'db-1'),
      or,
      when('Tag', 'EQUALS', 'env|prod'),
      and,
      when('Tag', 'EQUALS', 'tier|web'),
    ];
    expect(membersOf(differing)).toMatchObject({ must: ['web-1'], may: ['web-1', 'db-1'] });
  });
});
