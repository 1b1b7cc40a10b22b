import type { Call, Handlers } from '../call.js';
import type { Tag } from '../fabric.js';
import { badRequest, invalid, noSuchObject } from '../nsx-error.js';
import { page } from '../paging.js';

const most = 30;
const vms = '/api/v1/fabric/virtual-machines';

/** The Manager API's machines, their tags and interfaces: still the only way to add or remove one tag. */
export const fabricHandlers: Handlers = {
  [`GET ${vms}`]: ({ world, query, pageCap }) => {
    const all = world.fabric
      .vms()
      .filter(
        (vm) =>
          is(query['display_name'], vm.display_name) &&
          is(query['external_id'], vm.external_id) &&
          is(query['host_id'], vm.host_id) &&
          (query['exclude_vm_type'] === undefined || query['exclude_vm_type'] !== vm.type),
      );
    return page(all, query, pageCap, ({ external_id }) => external_id);
  },
  'GET /api/v1/fabric/vifs': ({ world, query, pageCap }) => {
    const all = world.fabric
      .vifs()
      .filter(
        (vif) =>
          is(query['owner_vm_id'], vif.owner_vm_id) &&
          is(query['vm_id'], vif.owner_vm_id) &&
          is(query['host_id'], vif.host_id) &&
          is(query['lport_attachment_id'], vif.lport_attachment_id),
      );
    return page(all, query, pageCap, ({ external_id }) => external_id);
  },
  [`POST ${vms}?action=add_tags`]: (call) => {
    const { id, before, given } = asked(call);
    checkNumber(new Set([...before, ...given].map(keyOf)).size);
    call.world.fabric.addTags(id, given);
  },
  [`POST ${vms}?action=remove_tags`]: (call) => {
    const { id, given } = asked(call);
    call.world.fabric.removeTags(id, given);
  },
  [`POST ${vms}?action=update_tags`]: (call) => {
    const { id, given } = asked(call);
    checkNumber(given.length);
    call.world.fabric.setTags(id, given);
  },
};

const is = (wanted: string | undefined, value: string): boolean =>
  wanted === undefined || wanted === value;

const keyOf = ({ scope = '', tag = '' }: Partial<Tag>): string => `${scope}|${tag}`;

/** The machine of a change of tags, the tags it has and those that were sent. */
function asked({ world, body }: Call) {
  const id = String(body['external_id']);
  const vm = world.fabric.vm(id);
  if (!vm) throw noSuchObject(id);
  const given = body['tags'] as readonly Partial<Tag>[];
  for (const each of given) checkTag(each);
  return { id, before: vm.tags ?? [], given };
}

/** Sizes and characters of a tag. Throws. */
export function checkTag({ scope = '', tag = '' }: Partial<Tag>): void {
  if (scope === '' && tag === '') throw badRequest('A tag needs a scope or a tag.');
  if (scope.length > 128) throw badRequest('Field scope exceeds the maximum of 128 characters.');
  if (tag.length > 256) throw badRequest('Field tag exceeds the maximum of 256 characters.');
}

function checkNumber(count: number): void {
  if (count > most) throw invalid(`A machine carries at most ${most} tags, not ${count}.`);
}
