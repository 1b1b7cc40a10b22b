import type { World } from '../world.js';
import { put, putPolicy, type RuleFields } from './put.js';
import { plantOverlay, plantPort } from './segments.js';

/** How much to plant. */
export interface EstateSize {
  readonly policies: number;
  readonly rulesPerPolicy: number;
  readonly groups: number;
}

const domain = '/infra/domains/default';
const machinesInSegment = 60_000;
/** Machines that carry several groups' tags make rules overlap as they do on a grown site. */
const tagsOfMachine = 3;

/**
 * Plants an estate for load: every machine on a segment, tagged with three of the groups; every fourth group is
 * a list of addresses; rules between groups that follow from their number, so that every run plants the same.
 */
export function plantSized(world: World, size: EstateSize): void {
  put(world, 'Tier1', '/infra/tier-1s/t1-load');
  connect(world, size.groups);
  for (let at = 0; at < size.groups; at += 1)
    put(world, 'Group', groupPath(at), {
      expression: [
        at % 4 === 3
          ? {
              resource_type: 'IPAddressExpression',
              ip_addresses: [`172.${16 + ((at >> 8) % 16)}.${at & 255}.0/24`],
            }
          : {
              resource_type: 'Condition',
              member_type: 'VirtualMachine',
              key: 'Tag',
              operator: 'EQUALS',
              scope_operator: 'EQUALS',
              value: `group|${at}`,
            },
      ],
    });
  for (let at = 0; at < size.policies; at += 1)
    putPolicy(
      world,
      'SecurityPolicy',
      `${domain}/security-policies/policy-${at}`,
      {
        category: 'Application',
        sequence_number: at + 1,
        internal_sequence_number: 13_000_001 + at,
      },
      Array.from({ length: size.rulesPerPolicy }, (_, rule) =>
        loadRule(rule, at * size.rulesPerPolicy + rule, size.groups),
      ),
    );
}

const groupPath = (at: number): string => `${domain}/groups/group-${at}`;

function loadRule(at: number, number: number, groups: number): RuleFields {
  const pick = (factor: number) =>
    groups === 0 ? ['ANY'] : [groupPath((number * factor + at) % groups)];
  return {
    id: `rule-${at}`,
    action: number % 7 === 6 ? 'DROP' : 'ALLOW',
    source_groups: pick(1),
    destination_groups: pick(7),
    services: [`/infra/services/${['HTTPS', 'SSH', 'MySQL', 'DNS-UDP'][number % 4]}`],
  };
}

function connect(world: World, groups: number): void {
  const { fabric } = world;
  const connected = new Map(fabric.vifs().map((vif) => [vif.owner_vm_id, vif]));
  for (const [at, { external_id }] of fabric.vms().entries()) {
    const segment = Math.floor(at / machinesInSegment);
    const path = `/infra/segments/load-${segment}`;
    if (at % machinesInSegment === 0)
      plantOverlay(world, path, `10.${100 + segment}.0.1/16`, '/infra/tier-1s/t1-load');
    const inSegment = (at % machinesInSegment) + 256;
    const vif = connected.get(external_id);
    if (vif)
      plantPort(world, path, vif, [`10.${100 + segment}.${inSegment >> 8}.${inSegment & 255}`]);
    if (groups > 0)
      fabric.setTags(
        external_id,
        Array.from({ length: tagsOfMachine }, (_, tag) => ({
          scope: 'group',
          tag: String((at * tagsOfMachine + tag) % groups),
        })),
      );
  }
}
