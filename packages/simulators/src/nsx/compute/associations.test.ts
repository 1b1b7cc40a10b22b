import { describe, expect, it } from 'vitest';
import { worldOf } from '../estate/world-of.js';
import {
  groupsOfIp,
  groupsOfVif,
  groupsOfVm,
  parentGroups,
  serviceReferencesTo,
} from './associations.js';
import { interfacesOf } from './interfaces.js';
import { type Reference, referencesTo } from './references.js';

const group = (id: string) => `/infra/domains/default/groups/${id}`;
const ids = (found: readonly Reference[]) => found.map(({ target_id }) => target_id).sort();

describe('groups of a member', () => {
  it('are found for a machine, its interfaces and its addresses', () => {
    const world = worldOf();
    const [web] = interfacesOf(world).byAddress.get('10.10.1.11') ?? [];
    const expected = ['prod-named', 'shop', 'web-segment', 'web-servers'];
    expect(ids(groupsOfVm(world, web?.vm.external_id ?? '', '/infra'))).toEqual(expected);
    expect(ids(groupsOfVif(world, web?.vif?.external_id ?? '', '/infra'))).toEqual(expected);
    expect(ids(groupsOfIp(world, '10.10.1.11', '/infra'))).toEqual(expected);
    expect(ids(groupsOfIp(world, '192.168.3.4', '/infra'))).toEqual(['corporate']);
    expect(groupsOfIp(world, 'nonsense', '/infra')).toEqual([]);
  });

  it('are those of the scope that is asked, and no other', () => {
    const world = worldOf();
    const project = '/orgs/default/projects/shop-project';
    expect(ids(groupsOfIp(world, '10.30.1.53', `${project}/infra`))).toEqual(['stage']);
    expect(ids(groupsOfIp(world, '10.30.1.53', '/infra'))).toEqual([]);
    expect(ids(groupsOfIp(world, '10.40.1.7', `${project}/vpcs/shop-vpc`))).toEqual(['backends']);
  });
});

describe('references', () => {
  it('to a group are everything that names it, whatever its kind', () => {
    const world = worldOf();
    expect(ids(referencesTo(world, group('web-servers')))).toEqual(
      ['inspect-web', 'never', 'old-ftp', 'shop', 'web-in', 'web-in-again', 'web-to-app'].sort(),
    );
    expect(ids(referencesTo(world, group('corporate')))).toContain('inspect-corporate');
    expect(ids(referencesTo(world, group('jump-hosts')))).toEqual(
      ['admin-jump', 'jump-out', 'pci-jump-ssh'].sort(),
    );
    expect(referencesTo(world, group('excluded-appliances'))).toMatchObject([
      { target_type: 'PolicyExcludeList' },
    ]);
    expect(referencesTo(world, group('empty-old'))).toEqual([]);
  });

  it('to services and profiles are found in rules and in other services', () => {
    const world = worldOf();
    expect(ids(referencesTo(world, '/infra/services/NTP'))).toEqual(['allow-ntp', 'name-and-time']);
    expect(ids(referencesTo(world, '/infra/context-profiles/SSL'))).toEqual(['updates']);
    expect(ids(referencesTo(world, '/infra/services/shop-app'))).toEqual(['web-to-app']);
  });

  it('go when the rule goes', () => {
    const world = worldOf();
    world.objects.remove('/infra/domains/default/security-policies/shop/rules/web-to-app');
    expect(referencesTo(world, '/infra/services/shop-app')).toEqual([]);
  });

  it('by services include those of the groups around it', () => {
    const world = worldOf();
    expect(ids(parentGroups(world, group('db-servers')))).toEqual(['shop']);
    expect(ids(parentGroups(world, '/infra/segments/seg-web'))).toEqual(['web-segment']);
    expect(ids(serviceReferencesTo(world, group('db-servers')))).toEqual(
      ['app-to-db', 'deny-shop', 'pci-jump-ssh', 'test-to-shop'].sort(),
    );
  });
});
