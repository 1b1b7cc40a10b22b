import type { Group } from '@vmware/clients/nsx';
import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { expressionOf } from '../../expressions.js';
import {
  creation,
  existing,
  groupPath,
  type Place,
  placeOf,
  quoted,
  targetOf,
} from '../../objects.js';
import { checkIn, requestOf, sendPlanned } from '../../planned-request.js';
import { description, displayName, groupId, nsxScope, tagScope, tagValue } from '../../schema.js';
import { withoutGroup } from '../../undo/groups.js';

export const createGroup = defineTool({
  name: 'create_group',
  usage: 'group create <group_id>',
  summary: 'Create a group of VMs by tag, of addresses, or of segments; refuses an id that exists.',
  effect: 'write',
  risk: 'medium',
  level: 'vm_lifecycle',
  privileges: ['security_engineer'],
  flags: { display_name: 'name', nsx_scope: 'scope' },
  examples: [
    'group create web-servers --name "Web servers" --tag-scope tier --tag-value web',
    'group create partners --name Partners --ip-addresses 203.0.113.0/24,198.51.100.7',
  ],
  input: z.object({
    group_id: groupId,
    display_name: displayName.describe('Name people see.'),
    description: description.default('').describe('What it is for.'),
    tag_scope: tagScope.optional().describe('Scope of the tag; empty for none.'),
    tag_value: tagValue.optional().describe('VMs that carry this tag.'),
    ip_addresses: z
      .array(z.string().max(100))
      .max(4000)
      .optional()
      .describe('Addresses, prefixes, ranges.'),
    segment_paths: z
      .array(z.string().startsWith('/').max(600))
      .max(500)
      .optional()
      .describe('Policy paths of segments.'),
    nsx_scope: nsxScope,
  }),
  output: z.object({
    id: z.string(),
    display_name: z.string(),
    path: z.string(),
    expression_count: z.int(),
    _revision: z.int().nullable(),
  }),
})
  .plan(async ({ group_id, nsx_scope, display_name, description, ...words }, { nsx }, context) => {
    const place = placeOf(nsx, nsx_scope, context);
    const path = groupPath(place, group_id);
    const expression = expressionOf(words);
    const there = await existing(place, path);
    await Promise.all((words.segment_paths ?? []).map((path) => checkSegment(place, path)));
    const body = {
      resource_type: 'Group',
      display_name,
      ...(description !== '' && { description }),
      expression,
    };
    return {
      summary: `Create the group ${display_name} (${group_id})`,
      changes: [
        expression.length > 0
          ? `create ${decodeURIComponent(path)} with ${said(words)}`
          : `create ${decodeURIComponent(path)}, empty`,
      ],
      requests: [requestOf(creation(place, path, body))],
      blast_radius: {
        total: 1,
        objects: [{ type: 'Group', id: group_id, name: display_name }],
        reversible: true,
      },
      blockers: there === undefined ? [] : [there],
      unmeasured: [],
      undo: withoutGroup(group_id, nsx_scope),
    };
  })
  .run(async ({ group_id, nsx_scope }, { nsx }, context) => {
    const check = checkIn(nsx_scope, `group get ${quoted(group_id)}`);
    const made = await sendPlanned<Group>(nsx, context, check);
    return {
      id: made.id,
      display_name: made.display_name ?? made.id,
      path: made.path,
      expression_count: (made.expression ?? []).filter(
        ({ resource_type }) => resource_type !== 'ConjunctionOperator',
      ).length,
      _revision: made._revision ?? null,
    };
  });

/** A member that is not there makes a group that quietly protects less than its author thinks. */
async function checkSegment(place: Place, path: string): Promise<void> {
  if (!path.includes('/segments/'))
    throw new Refusal(
      'INVALID_INPUT',
      `segment_paths: "${path}" is not the path of a segment.`,
      'Write a path such as /infra/segments/web; nest groups with `vmware-nsx-security group update`.',
    );
  const { nsx, scope, signal } = place;
  if (await nsx.find(targetOf(place, path), { signal })) return;
  throw new Refusal(
    'NOT_FOUND',
    `There is no segment ${path} in the scope ${scope.name}.`,
    'Copy the path of the segment from NSX, under Networking > Segments.',
  );
}

const said = ({
  tag_scope = '',
  tag_value,
  ip_addresses = [],
  segment_paths = [],
}: Parameters<typeof expressionOf>[0]): string =>
  [
    ...(tag_value === undefined ? [] : [`VMs tagged ${tag_scope}|${tag_value}`]),
    ...(ip_addresses.length > 0
      ? [counted(ip_addresses.length, 'address or range', 'addresses or ranges')]
      : []),
    ...(segment_paths.length > 0 ? [counted(segment_paths.length, 'segment', 'segments')] : []),
  ].join(', ');

const counted = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;
