import { describe, expect, it } from 'vitest';
import catalogue from '../catalogue.json' with { type: 'json' };
import { texts } from '../compute/fields.js';
import { membersOf } from '../compute/members.js';
import { rulesInOrder } from '../compute/rule-order.js';
import type { PolicyObject } from '../store.js';
import type { World } from '../world.js';
import { worldOf } from './world-of.js';

const types: Readonly<Record<string, object>> = catalogue.types;

/** Fields and resource types of objects that the models of the API do not have. */
function strangers(world: World): string[] {
  return [...world.objects.all()].flatMap((object) => {
    const model = types[object.resource_type];
    if (!model || !('display_name' in model)) return [];
    return Object.keys(object)
      .filter((field) => object[field] !== undefined && !(field in model))
      .map((field) => `${object.resource_type}.${field}`);
  });
}

/** Paths that objects name and that nothing has. Transport zones and sites are not simulated. */
function dangling(world: World): string[] {
  const lists = ['source_groups', 'destination_groups', 'services', 'profiles', 'scope', 'members'];
  const paths = (object: PolicyObject) =>
    lists.flatMap((list) => texts(object[list])).filter((path) => path.startsWith('/'));
  return [...world.objects.all()].flatMap(paths).filter((path) => !world.objects.get(path));
}

describe.each(['lab', 'empty'] as const)('the estate %s', (choice) => {
  it('is made of fields the API has, and names only what exists', () => {
    const world = worldOf(choice);
    expect([...new Set(strangers(world))]).toEqual([]);
    expect(dangling(world)).toEqual([]);
  });

  it('numbers its rules, each once, and ends with the rule that lets everything pass', () => {
    const world = worldOf(choice);
    const numbers = ['Rule', 'IdsRule', 'RedirectionRule']
      .flatMap((type) => world.objects.ofType(type))
      .map((rule) => rule['rule_id']);
    expect(new Set(numbers).size).toBe(numbers.length);
    const last = rulesInOrder(world).at(-1)?.rule;
    const policy = world.objects.get(last?.parent_path ?? '');
    expect(last?.id).toBe('default-layer3-rule');
    expect(policy?.['default_rule_id']).toBe(last?.['rule_id']);
  });
});

describe('the lab', () => {
  it('binds every port to the interface that its attachment names', () => {
    const world = worldOf();
    const vifs = new Map(world.fabric.vifs().map((vif) => [vif.lport_attachment_id, vif]));
    const ports = world.objects.ofType('SegmentPort');
    expect(ports).toHaveLength(world.fabric.vifs().length);
    for (const port of ports) {
      const attachment = port['attachment'] as { id: string };
      expect(vifs.has(attachment.id)).toBe(true);
      expect(port['unique_id']).not.toBe(attachment.id);
      expect(world.objects.get(port.parent_path)?.resource_type).toBe('Segment');
    }
  });

  it('gives vCenter the same addresses and adapters', () => {
    const { inventory } = worldOf().fabric;
    expect(inventory.find('vm', 'web-02')?.ip).toBe('10.10.1.12');
    expect(inventory.find('vm', 'win-jump')?.nics).toHaveLength(2);
  });

  it('leaves out machines that the inventory does not have', () => {
    const world = worldOf('lab', 'small');
    expect(membersOf(world, '/infra/domains/default/groups/web-servers').vms).toHaveLength(1);
    expect(membersOf(world, '/infra/domains/default/groups/app-servers').vms).toEqual([]);
  });
});

describe('other estates', () => {
  it('of a size have as many policies, rules and groups, and machines on ports', () => {
    const world = worldOf({ policies: 3, rulesPerPolicy: 4, groups: 8 }, { vms: 30 });
    expect(rulesInOrder(world)).toHaveLength(3 * 4 + 4);
    expect(world.objects.ofType('Group')).toHaveLength(8);
    expect(world.objects.ofType('SegmentPort')).toHaveLength(30);
    expect(membersOf(world, '/infra/domains/default/groups/group-0').vms.length).toBeGreaterThan(0);
    expect(membersOf(world, '/infra/domains/default/groups/group-3').ips).toEqual([
      '172.16.3.0/24',
    ]);
    expect([strangers(world), dangling(world)]).toEqual([[], []]);
  });

  it('written out hold what is written, complete', () => {
    const path = '/infra/domains/default/groups/mine';
    const world = worldOf([{ path, resource_type: 'Group', description: 'mine' }]);
    expect(world.objects.get(path)).toMatchObject({
      id: 'mine',
      display_name: 'mine',
      description: 'mine',
      parent_path: '/infra/domains/default',
      expression: [],
      _revision: 0,
    });
  });

  it('of a Global Manager are below /global-infra, without machines', () => {
    const world = worldOf('lab', { vms: [] }, { globalManager: true });
    const rules = rulesInOrder(world);
    expect(rules.every(({ rule }) => rule.path.startsWith('/global-infra/'))).toBe(true);
    expect(rules.every(({ rule }) => Number(rule['rule_id']) >= 1_000_000)).toBe(true);
    expect(dangling(world)).toEqual([]);
  });
});
