import { expect, test } from 'vitest';
import { checkedIps, expressionOf, ipMembers, pathMembers, withMembers } from './expressions.js';

const or = { resource_type: 'ConjunctionOperator', conjunction_operator: 'OR' };
const ips = (...ip_addresses: string[]) => ({ resource_type: 'IPAddressExpression', ip_addresses });
const paths = (...all: string[]) => ({ resource_type: 'PathExpression', paths: all });
const condition = {
  resource_type: 'Condition',
  member_type: 'VirtualMachine',
  key: 'Name',
  operator: 'EQUALS',
  value: 'web-01',
};

test('no words make an empty expression', () => {
  expect(expressionOf({})).toEqual([]);
  expect(expressionOf({ ip_addresses: [], segment_paths: [] })).toEqual([]);
});

test('kinds of members are joined by OR, paths of every kind in one element', () => {
  expect(
    expressionOf({
      tag_value: 'web',
      ip_addresses: ['10.0.0.1'],
      segment_paths: ['/infra/segments/a'],
      group_paths: ['/infra/domains/default/groups/b'],
    }),
  ).toEqual([
    {
      resource_type: 'Condition',
      member_type: 'VirtualMachine',
      key: 'Tag',
      operator: 'EQUALS',
      value: '|web',
    },
    or,
    ips('10.0.0.1'),
    or,
    paths('/infra/segments/a', '/infra/domains/default/groups/b'),
  ]);
});

test('a scope alone names no tag', () => {
  expect(() => expressionOf({ tag_scope: 'tier' })).toThrow(
    'tag_scope was given without tag_value',
  );
});

test.each(['10.0.0.1', '10.0.0.0/8', '10.0.0.1-10.0.0.9', '::1', '2001:db8::/32', '::1-::9'])(
  '%s is an address, prefix or range',
  (word) => {
    expect(checkedIps([` ${word} `])).toEqual([word]);
  },
);

test.each([
  '',
  '10.0.0',
  '10.0.0.1/33',
  '1.2.3.4-::1',
  '10.0.0.2-10.0.0.1',
  'web',
  '10.0.0.1,10.0.0.2',
])('%o is none', (word) => {
  expect(() => checkedIps(['10.0.0.1', word])).toThrow(`"${word}" is not an IP address`);
});

test('members are added to the first element of their kind, each once', () => {
  const before = [ips('10.0.0.1'), or, condition, or, ips('10.0.0.2')];
  const add = ['10.0.0.3', '10.0.0.2', '10.0.0.3'];
  expect(withMembers(before, ipMembers, { add })).toEqual([
    ips('10.0.0.1', '10.0.0.3'),
    or,
    condition,
    or,
    ips('10.0.0.2'),
  ]);
});

test('an element of a new kind comes last', () => {
  expect(withMembers([condition], pathMembers, { add: ['/infra/segments/a'] })).toEqual([
    condition,
    or,
    paths('/infra/segments/a'),
  ]);
  expect(withMembers([], ipMembers, { add: ['10.0.0.1'] })).toEqual([ips('10.0.0.1')]);
});

test('an element goes with its last member, and its OR with it', () => {
  const before = [ips('10.0.0.1'), or, condition, or, ips('10.0.0.2')];
  expect(withMembers(before, ipMembers, { remove: ['10.0.0.2'] })).toEqual([
    ips('10.0.0.1'),
    or,
    condition,
  ]);
  expect(withMembers([ips('10.0.0.1')], ipMembers, { remove: ['10.0.0.1'] })).toEqual([]);
});

test('other fields of an element stay', () => {
  const numbered = { ...ips('10.0.0.1'), id: 'x-1', path: '/infra/x' };
  expect(withMembers([numbered], ipMembers, { add: ['10.0.0.2'] })).toEqual([
    { ...numbered, ip_addresses: ['10.0.0.1', '10.0.0.2'] },
  ]);
});

test('what there is nothing to do to is returned as it is', () => {
  const numbered = [ips('10.0.0.1'), { ...or, id: 'x-2' }, condition];
  expect(withMembers(numbered, ipMembers, { add: ['10.0.0.1'] })).toEqual(numbered);
  expect(withMembers(numbered, pathMembers, {})).toEqual(numbered);
});

test('what is not named at the top level cannot be removed', () => {
  const nested = { resource_type: 'NestedExpression', expressions: [ips('10.0.0.1')] };
  expect(() => withMembers([nested], ipMembers, { remove: ['10.0.0.1'] })).toThrow(
    'The group does not name "10.0.0.1" itself.',
  );
});

test('beside an AND nothing is added and nothing removed', () => {
  const and = [condition, { ...or, conjunction_operator: 'AND' }, condition];
  expect(() => withMembers(and, ipMembers, { add: ['10.0.0.1'] })).toThrow('AND at its top level');
});
