import type { VirtualMachine } from '@vmware/clients/nsx';
import type { Inverse } from '@vmware/policy';
import type { OneTag } from '../tag-change.js';
import { kept } from './inverse.js';

/** Adds the tag that was removed, or removes the one that was added. */
export function backToTag(
  { external_id }: VirtualMachine,
  verb: 'add_tags' | 'remove_tags',
  tag: OneTag,
): Inverse {
  const told = { scope: tag.tag_scope, tag: tag.tag_value };
  return {
    tool: verb === 'add_tags' ? 'remove_vm_tag' : 'apply_vm_tag',
    input: { vm_id: external_id, ...tag },
    expects: {
      tool: 'list_vm_tags',
      input: { vm_display_name: external_id },
      state: { vm_id: external_id, tags: verb === 'add_tags' ? [told] : { $none: told } },
    },
  };
}

const idsOf = (vms: readonly VirtualMachine[]) => vms.map(({ external_id }) => external_id);

/** The VMs that were tagged untagged, and the others tagged. Undefined for more than one call takes. */
export function backToTags(
  tag: OneTag,
  added: readonly VirtualMachine[],
  removed: readonly VirtualMachine[],
): Inverse | undefined {
  const [untagged] = removed;
  const found = ({ external_id }: VirtualMachine) => ({ id: external_id, type: 'VirtualMachine' });
  return kept({
    tool: 'tag_vms',
    input: {
      ...tag,
      ...(removed.length > 0 && { add: idsOf(removed) }),
      ...(added.length > 0 && { remove: idsOf(added) }),
    },
    expects: {
      tool: 'find_tagged',
      input: tag.tag_scope === '' ? { tag_value: tag.tag_value } : { ...tag },
      // A VM that was untagged and has the tag again is as undoing would leave it.
      state: {
        items: added.length > 0 || !untagged ? added.map(found) : { $none: found(untagged) },
      },
    },
  });
}
