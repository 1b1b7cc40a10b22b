import { describe, expect, it } from 'vitest';
import { hostileName } from '../../inventory/hostile.js';
import { put } from '../estate/put.js';
import { worldOf } from '../estate/world-of.js';
import type { World } from '../world.js';
import { hasAddress, membersOf } from './members.js';

const group = (id: string) => `/infra/domains/default/groups/${id}`;

const names = (world: World, path: string): string[] =>
  membersOf(world, path)
    .vms.map((id) => world.fabric.vm(id)?.display_name ?? id)
    .sort();

/** Names of the members of a group with this expression, in the lab. */
function membersBy(...expression: Record<string, unknown>[]): string[] {
  const world = worldOf();
  put(world, 'Group', group('tested'), { expression });
  return names(world, group('tested'));
}

const vm = (key: string, operator: string, value: string, rest = {}) => ({
  resource_type: 'Condition',
  member_type: 'VirtualMachine',
  key,
  operator,
  value,
  ...rest,
});
const and = { resource_type: 'ConjunctionOperator', conjunction_operator: 'AND' };
const or = { resource_type: 'ConjunctionOperator', conjunction_operator: 'OR' };
const webs = ['web-01', 'web-02', 'web-03', 'web-04', 'web-05', 'web-06'];
const apps = ['app-01', 'app-02', 'app-03', 'app-04'];

describe('the groups of the lab', () => {
  it.each([
    ['web-servers', webs],
    ['db-servers', ['db-01', 'db-02']],
    ['shop', [...apps, 'db-01', 'db-02', ...webs]],
    ['test-machines', ['db-01']],
    ['web-segment', webs],
    ['prod-named', webs],
    ['excluded-appliances', ['appliance-01']],
    ['edge-nodes', ['edge-01']],
    ['dns-servers', []],
    ['quarantine', []],
    ['empty-old', []],
  ])('%s has its members', (id, expected) => {
    expect(names(worldOf(), group(id))).toEqual(expected);
  });

  it('have the addresses they list and those of their members, at every interface', () => {
    const world = worldOf();
    expect(membersOf(world, group('corporate')).ips).toHaveLength(3);
    expect(membersOf(world, group('jump-hosts')).ips).toEqual(['10.10.9.10', '10.10.2.10']);
    expect(membersOf(world, group('jump-hosts')).vifs).toHaveLength(2);
    expect(hasAddress(world, group('corporate'), '2001:DB8:100:0:0::9')).toBe(true);
    expect(hasAddress(world, group('corporate'), '172.16.5.21')).toBe(false);
    expect(hasAddress(world, group('shop'), '10.10.3.12')).toBe(true);
  });

  it('follow a tag as soon as it changes', () => {
    const world = worldOf();
    const [id = ''] = membersOf(world, group('jump-hosts')).vms;
    world.fabric.removeTags(id, [{ scope: 'role', tag: 'jump' }]);
    expect(names(world, group('jump-hosts'))).toEqual([]);
  });
});

describe('a condition', () => {
  it.each([
    ['a name in any case', vm('Name', 'EQUALS', 'DNS-01'), ['dns-01']],
    ['the start of a name', vm('Name', 'STARTSWITH', 'app-'), apps],
    ['the end of a name', vm('Name', 'ENDSWITH', '-cache'), ['build-cache']],
    ['a part of a name', vm('Name', 'CONTAINS', '</untrusted>'), [hostileName]],
    ['one of a list', vm('Name', 'IN', 'dns-01, win-jump'), ['dns-01', 'win-jump']],
    ['a pattern', vm('Name', 'MATCHES', 'web-0[12]'), ['web-01', 'web-02']],
    ['a broken pattern', vm('Name', 'MATCHES', 'web-('), []],
    ['an operating system', vm('OSName', 'CONTAINS', 'windows'), ['win-jump']],
    ['a scope and a tag', vm('Tag', 'EQUALS', 'TIER|APP'), apps],
    ['a tag of any scope', vm('Tag', 'EQUALS', '|jump'), ['win-jump']],
    ['a tag without a separator', vm('Tag', 'EQUALS', 'jump'), ['win-jump']],
    ['any tag of a scope', vm('Tag', 'EQUALS', 'role|'), ['dns-01', 'win-jump']],
    [
      'a tag of another scope',
      vm('Tag', 'EQUALS', 'app|web', { scope_operator: 'NOTEQUALS' }),
      webs,
    ],
    ['the start of a tag', vm('Tag', 'STARTSWITH', 'env|t'), ['db-01']],
  ])('finds %s', (_, condition, expected) => {
    expect(membersBy(condition)).toEqual(expected);
  });

  it('that denies a tag finds machines without tags too', () => {
    const found = membersBy(vm('Tag', 'NOTEQUALS', 'app|shop'));
    expect(found).toContain('scratch-01');
    expect(found).not.toContain('web-01');
  });

  it('leaves out what it excludes by path', () => {
    const exclude = { path_expression: { paths: ['/infra/segments/seg-infra'] } };
    const world = worldOf();
    put(world, 'Group', group('tested'), {
      expression: [vm('Tag', 'EQUALS', 'role|jump', { exclude })],
    });
    expect(membersOf(world, group('tested')).ips).toEqual(['10.10.2.10']);
  });

  it('finds what hangs on a segment or a port by name and tag', () => {
    const segment = { ...vm('Name', 'EQUALS', 'vlan-dmz'), member_type: 'Segment' };
    expect(membersBy(segment)).toEqual(['appliance-01']);
    const port = { ...vm('Name', 'STARTSWITH', 'win-jump/'), member_type: 'SegmentPort' };
    expect(membersBy(port)).toEqual(['win-jump']);
  });
});

describe('an expression', () => {
  it('binds AND tighter than OR', () => {
    const isWeb = vm('Tag', 'EQUALS', 'tier|web');
    const isFirst = vm('Name', 'ENDSWITH', '-01');
    const isDns = vm('Tag', 'EQUALS', 'role|dns');
    expect(membersBy(isDns, or, isWeb, and, isFirst)).toEqual(['dns-01', 'web-01']);
    expect(membersBy(isWeb, and, isFirst, or, isDns)).toEqual(['dns-01', 'web-01']);
  });

  it('takes machines and interfaces by their ids', () => {
    const world = worldOf();
    const [vif] = world.fabric.vifs();
    put(world, 'Group', group('tested'), {
      expression: [
        {
          resource_type: 'ExternalIDExpression',
          member_type: 'VirtualNetworkInterface',
          external_ids: [vif?.external_id],
        },
      ],
    });
    expect(membersOf(world, group('tested')).vifs).toEqual([vif?.external_id]);
  });

  it('of groups that contain each other ends, with the members of both', () => {
    const world = worldOf();
    const inside = (id: string) => ({ resource_type: 'PathExpression', paths: [group(id)] });
    put(world, 'Group', group('one'), {
      expression: [inside('other'), or, vm('Name', 'EQUALS', 'dns-01')],
    });
    put(world, 'Group', group('other'), {
      expression: [inside('one'), or, vm('Name', 'EQUALS', 'win-jump')],
    });
    expect(names(world, group('one'))).toEqual(['dns-01', 'win-jump']);
    expect(names(world, group('other'))).toEqual(['dns-01', 'win-jump']);
  });

  it('of users or pods is unknown, and so is a group around it', () => {
    const world = worldOf();
    put(world, 'Group', group('users'), {
      expression: [{ resource_type: 'IdentityGroupExpression', identity_groups: [] }],
    });
    put(world, 'Group', group('around'), {
      expression: [{ resource_type: 'PathExpression', paths: [group('users')] }],
    });
    put(world, 'Group', group('pods'), {
      expression: [{ ...vm('Tag', 'EQUALS', 'a|b'), member_type: 'Pod' }],
    });
    expect(
      ['users', 'around', 'pods', 'shop'].map((id) => membersOf(world, group(id)).unknown),
    ).toEqual([true, true, true, false]);
  });
});

describe('a group of a project', () => {
  it('sees only machines on segments of the project', () => {
    const world = worldOf();
    const path = '/orgs/default/projects/shop-project/infra/domains/default/groups';
    expect(names(world, `${path}/stage`)).toEqual(['ci-runner-03']);
    expect(membersOf(world, `${path}/stage`).ips).toEqual(['10.30.1.53']);
    put(world, 'Group', `${path}/web`, { expression: [vm('Tag', 'EQUALS', 'tier|web')] });
    expect(names(world, `${path}/web`)).toEqual([]);
  });
});
