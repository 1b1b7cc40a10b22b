import { describe, expect, it } from 'vitest';
import { put } from '../estate/put.js';
import { worldOf } from '../estate/world-of.js';
import { search } from './search.js';
import { QuerySyntaxError } from './search-query.js';

const ids = (query: string, world = worldOf()) =>
  search(world, query)
    .map((found) => String(found['id'] ?? found['display_name']))
    .sort();

describe('a search', () => {
  it.each([
    ['resource_type:SecurityPolicy AND display_name:shop*', ['shop', 'shop-deny']],
    ['resource_type:Group AND display_name:*WEB*', ['web-segment', 'web-servers']],
    ['resource_type:Group AND display_name:web-s?????s', ['web-servers']],
    ['resource_type:Group display_name:shop', ['shop']],
    ['resource_type:(Project OR Vpc)', ['shop-project', 'shop-vpc']],
    ['resource_type:Group AND (id:shop OR id:quarantine) AND NOT id:shop', ['quarantine']],
    ['resource_type:Service AND service_entries.destination_ports:3306', ['MySQL']],
    ['resource_type:Rule AND rule_id:2', ['default-layer3-rule']],
    ['resource_type:VirtualMachine AND tags.tag:jump', ['win-jump']],
    [
      'resource_type:Rule AND source_groups:"/infra/domains/default/groups/app-servers"',
      ['app-to-db', 'updates'],
    ],
    [
      'resource_type:Rule AND source_groups:\\/infra\\/domains\\/default\\/groups\\/app\\-servers',
      ['app-to-db', 'updates'],
    ],
  ])('%s', (query, expected) => {
    expect(ids(query)).toEqual(expected);
  });

  it('takes quoted text literally, star and quotes included', () => {
    const world = worldOf();
    put(world, 'Group', '/infra/domains/default/groups/odd', { display_name: 'a*"b"\\c: (d)' });
    expect(ids('display_name:"a*\\"b\\"\\\\c: (d)"', world)).toEqual(['odd']);
    expect(ids('display_name:"a*"', world)).toEqual([]);
    expect(ids('display_name:a\\*\\"b\\"\\\\c\\:\\ \\(d\\)', world)).toEqual(['odd']);
  });

  it('still finds what is being deleted, marked so', () => {
    const world = worldOf();
    const path = '/infra/domains/default/groups/empty-old';
    world.objects.bury(path, world.clock.now().getTime() + 1000);
    expect(search(world, 'id:empty\\-old')).toMatchObject([{ path, marked_for_delete: true }]);
    world.clock.advance(2000);
    expect(search(world, 'id:empty\\-old')).toEqual([]);
  });

  it.each([
    '',
    'web',
    'display_name:',
    'display_name:"open',
    'display_name:a AND',
    '(display_name:a',
    'display_name:a)',
    'path:/infra/services/HTTP',
    'display_name:[a TO b]',
    'display_name:a~2',
    'display_name:a AND OR display_name:b',
  ])('refuses %j', (query) => {
    expect(() => ids(query)).toThrow(QuerySyntaxError);
  });
});
