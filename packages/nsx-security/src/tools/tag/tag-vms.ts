import { createHash } from 'node:crypto';
import type { PolicyObject, VirtualMachine } from '@vmware/clients/nsx';
import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { type Place, placeOf, quoted, targetOf } from '../../objects.js';
import { lookBack, requestOf, sendPlanned } from '../../planned-request.js';
import { nameMatcher } from '../../rows.js';
import { tagScope, tagValue, vmName } from '../../schema.js';
import { hasTag, tagWord } from '../../tag-change.js';
import { awaitTagOperation } from '../../tag-operation.js';
import { backToTags } from '../../undo/tags.js';
import { findVm } from '../../vms.js';

export const tagVms = defineTool({
  name: 'tag_vms',
  usage: 'tag bulk <tag_value>',
  summary: 'Add one NSX tag to many VMs, or remove it from them, in one operation.',
  effect: 'destroy',
  risk: 'high',
  level: 'vm_lifecycle',
  privileges: ['security_engineer'],
  idempotent: true,
  timeout: 300_000,
  flags: { tag_scope: 'tag-scope' },
  examples: [
    'tag bulk web --tag-scope tier --add web-01,web-02 --dry-run',
    "tag bulk web --tag-scope tier --add-matching 'web-*'",
  ],
  input: z.object({
    tag_value: tagValue,
    tag_scope: tagScope.default(''),
    add: z.array(vmName).max(1000).optional().describe('VMs to tag: names or external ids.'),
    add_matching: z.string().min(1).max(200).optional().describe('VMs to tag: a name glob.'),
    remove: z.array(vmName).max(1000).optional().describe('VMs to untag.'),
  }),
  output: z.object({
    operation_id: z.string().nullable(),
    status: z.string(),
    tagged: z.int(),
    untagged: z.int(),
    failed: z.array(z.object({ vm_id: z.string(), message: z.string() })),
  }),
})
  .plan(async ({ tag_value, tag_scope, add, add_matching, remove }, { nsx }, context) => {
    const place = placeOf(nsx, undefined, context);
    const tag = { tag_scope, tag_value };
    const wanted = await choose(place, add, add_matching);
    const unwanted = await choose(place, remove, undefined);
    if (wanted.length + unwanted.length === 0)
      throw new Refusal('INVALID_INPUT', 'No VM was named.', 'Give add, add_matching or remove.');
    const both = wanted.find(({ external_id }) =>
      unwanted.some((other) => other.external_id === external_id),
    );
    const adding = wanted.filter((vm) => !hasTag(vm, tag));
    const removing = unwanted.filter((vm) => hasTag(vm, tag));
    const target = await operationTarget(place, tag, adding, removing);
    const known = await nsx.find<PolicyObject>(target, { signal: place.signal });
    const body = {
      resource_type: 'TagBulkOperation',
      tag: { scope: tag_scope, tag: tag_value },
      ...(adding.length > 0 && { apply_to: [resources(adding)] }),
      ...(removing.length > 0 && { remove_from: [resources(removing)] }),
      ...(known?._revision !== undefined && { _revision: known._revision }),
    };
    const all = [...adding, ...removing];
    const undo = all.length > 0 ? backToTags(tag, adding, removing) : undefined;
    const names = (vms: readonly VirtualMachine[]) =>
      `${vms
        .slice(0, 20)
        .map(({ display_name }) => display_name)
        .join(', ')}${vms.length > 20 ? ', …' : ''}`;
    return {
      summary: `Tag ${adding.length} VMs with ${tagWord(tag)} and untag ${removing.length}`,
      changes: [
        ...(adding.length > 0 ? [`add ${tagWord(tag)} to ${names(adding)}`] : []),
        ...(removing.length > 0 ? [`remove ${tagWord(tag)} from ${names(removing)}`] : []),
        ...(all.length === 0 ? ['nothing: every VM is as asked already'] : []),
      ],
      requests: all.length > 0 ? [requestOf({ method: 'PUT', target, body })] : [],
      blast_radius: {
        total: Math.max(1, all.length),
        objects: [
          { type: 'Tag', id: tagWord(tag), name: tagWord(tag) },
          ...all.slice(0, 20).map(({ external_id, display_name }) => ({
            type: 'VirtualMachine',
            id: external_id,
            name: display_name,
          })),
        ],
        reversible: undo !== undefined || all.length === 0,
      },
      blockers: both ? [`${both.display_name} is to be tagged and untagged at once.`] : [],
      unmeasured: [],
      ...(undo && { undo }),
    };
  })
  .run(async ({ tag_value, tag_scope }, { nsx }, context) => {
    const place = placeOf(nsx, undefined, context);
    const [request = ''] = context.plan.requests;
    if (request === '')
      return { operation_id: null, status: 'unchanged', tagged: 0, untagged: 0, failed: [] };
    const scope = tag_scope === '' ? '' : ` --tag-scope ${quoted(tag_scope)}`;
    const check = `vmware-nsx-security tag find ${quoted(tag_value)}${scope}`;
    await sendPlanned(nsx, context, check);
    return lookBack(context, check, () => awaitTagOperation(place, request.split(' ')[1] ?? ''));
  });

const resources = (vms: readonly VirtualMachine[]) => ({
  resource_type: 'VirtualMachine',
  resource_ids: vms.map(({ external_id }) => external_id),
});

/** VMs by name, each unmistakable, and by glob; each once. */
async function choose(
  place: Place,
  words: readonly string[] = [],
  pattern: string | undefined,
): Promise<VirtualMachine[]> {
  const named = await Promise.all(words.map((word) => findVm(place, word)));
  const matching = pattern === undefined ? [] : await matchingVms(place, pattern);
  const all = new Map([...named, ...matching].map((vm) => [vm.external_id, vm]));
  return [...all.values()].toSorted((a, b) => (a.external_id < b.external_id ? -1 : 1));
}

async function matchingVms({ nsx, signal }: Place, pattern: string): Promise<VirtualMachine[]> {
  const matches = nameMatcher(pattern);
  const vms = await nsx.list<VirtualMachine>('/api/v1/fabric/virtual-machines', { signal });
  return vms.filter(({ display_name, type }) => type !== 'EDGE' && matches(display_name));
}

/** The same operation has the same id in its preview and afterwards. */
async function operationTarget(
  place: Place,
  tag: object,
  adding: readonly VirtualMachine[],
  removing: readonly VirtualMachine[],
): Promise<string> {
  const what = JSON.stringify([tag, resources(adding), resources(removing)]);
  const digest = createHash('sha256').update(what).digest('hex').slice(0, 16);
  return targetOf(place, `${place.scope.infra}/tags/tag-operations/vmware-tag-${digest}`);
}
