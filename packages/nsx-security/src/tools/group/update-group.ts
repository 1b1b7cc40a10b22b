import type { Group } from '@vmware/clients/nsx';
import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { checkedIps, ipMembers, pathMembers, withMembers } from '../../expressions.js';
import { fieldChanges } from '../../field-changes.js';
import { vmMembers } from '../../group-members.js';
import { ownershipBlockers } from '../../guards.js';
import { Names } from '../../names.js';
import { placeOf, quoted, readGroup, replacement } from '../../objects.js';
import { checkIn, lookBack, requestOf, sendPlanned } from '../../planned-request.js';
import { description, displayName, groupId, nsxScope } from '../../schema.js';
import { backToGroup } from '../../undo/groups.js';

const ips = z.array(z.string().max(100)).min(1).max(4000).optional();
const groups = z.array(z.string().min(1).max(600)).min(1).max(500).optional();

export const updateGroup = defineTool({
  name: 'update_group',
  usage: 'group update <group_id>',
  summary: 'Rename a group, or add and remove its addresses and nested groups; the rest stays.',
  effect: 'write',
  risk: 'medium',
  level: 'vm_lifecycle',
  privileges: ['security_engineer'],
  flags: { display_name: 'name', nsx_scope: 'scope' },
  examples: ['group update partners --add-ip-addresses 198.51.100.8 --dry-run'],
  input: z.object({
    group_id: groupId,
    display_name: displayName.optional().describe('Name people see.'),
    description: description.optional().describe('What it is for.'),
    add_ip_addresses: ips.describe('Addresses, prefixes, ranges to add.'),
    remove_ip_addresses: ips.describe('To remove, as get_group shows them.'),
    add_groups: groups.describe('Groups to nest in it.'),
    remove_groups: groups.describe('Nested groups to remove.'),
    nsx_scope: nsxScope,
  }),
  output: z.object({
    id: z.string(),
    display_name: z.string(),
    path: z.string(),
    member_count: z.int().nullable(),
    _revision: z.int().nullable(),
  }),
})
  .plan(async (input, { nsx }, context) => {
    const { group_id, nsx_scope, display_name, description, ...members } = input;
    const place = placeOf(nsx, nsx_scope, context);
    const group = await readGroup(place, group_id);
    const names = new Names(place);
    const paths = (words: readonly string[] = []) =>
      Promise.all(words.map((word) => names.group(word)));
    const asked = Object.values(members).some((value) => value !== undefined);
    const withIps = asked
      ? withMembers(group.expression ?? [], ipMembers, {
          add: checkedIps(members.add_ip_addresses ?? []),
          remove: members.remove_ip_addresses,
        })
      : undefined;
    const nested = await paths(members.add_groups);
    const expression =
      withIps &&
      withMembers(withIps, pathMembers, {
        add: nested,
        remove: await paths(members.remove_groups),
      });
    const same = JSON.stringify(expression) === JSON.stringify(group.expression ?? []);
    const differing = fieldChanges(group, { display_name, description });
    const { changes, values } = differing;
    if (!asked && Object.keys(values).length === 0)
      throw new Refusal(
        'INVALID_INPUT',
        'Nothing to change was given.',
        'Give at least one of display_name, description, add_ip_addresses and the like.',
      );
    const said = [...changes, ...(expression && !same ? wordsOf(members) : [])];
    const name = group.display_name ?? group.id;
    const undo =
      said.length > 0
        ? backToGroup(group, expression ?? group.expression ?? [], differing, nsx_scope)
        : undefined;
    const change = replacement(place, group, { ...values, ...(expression && { expression }) });
    return {
      summary: `Update the group ${name} (${group.id})`,
      changes: said.length > 0 ? said : ['nothing: it is like that already'],
      requests: said.length > 0 ? [requestOf(change)] : [],
      blast_radius: {
        total: 1,
        objects: [{ type: 'Group', id: group.id, name }],
        reversible: undo !== undefined || said.length === 0,
      },
      blockers: [
        ...ownershipBlockers(group, place.scope),
        ...(nested.includes(group.path) ? [`${name} cannot be a member of itself.`] : []),
      ],
      unmeasured: [],
      ...(undo && { undo }),
    };
  })
  .run(async ({ group_id, nsx_scope }, { nsx }, context) => {
    const place = placeOf(nsx, nsx_scope, context);
    const check = checkIn(nsx_scope, `group get ${quoted(group_id)}`);
    await sendPlanned<Group>(nsx, context, check);
    const { group, member_count } = await lookBack(context, check, async () => {
      const group = await readGroup(place, group_id);
      return { group, ...(await vmMembers(place, group.path, 1)) };
    });
    return {
      id: group.id,
      display_name: group.display_name ?? group.id,
      path: group.path,
      member_count,
      _revision: group._revision ?? null,
    };
  });

const wordsOf = (members: Readonly<Record<string, readonly string[] | undefined>>): string[] =>
  Object.entries(members).flatMap(([name, words]) =>
    words ? [`${name.replaceAll('_', ' ')}: ${words.join(', ')}`] : [],
  );
