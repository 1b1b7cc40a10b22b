import type { VirtualMachine } from '@vmware/clients/nsx';
import type { Plan } from '@vmware/policy';
import { requestOf } from './planned-request.js';
import { backToTag } from './undo/tags.js';

export interface OneTag {
  readonly tag_scope: string;
  readonly tag_value: string;
}

export const hasTag = (
  { tags = [] }: Pick<VirtualMachine, 'tags'>,
  { tag_scope, tag_value }: OneTag,
): boolean => tags.some(({ scope = '', tag = '' }) => scope === tag_scope && tag === tag_value);

/** A tag in one word: `tier|web`. */
export const tagWord = ({ tag_scope, tag_value }: OneTag): string => `${tag_scope}|${tag_value}`;

/**
 * Adding or removing one tag of one VM (POST /api/v1/fabric/virtual-machines?action=add_tags or remove_tags):
 * both leave every other tag alone. Nothing is sent when it is so already.
 */
export function planTag(vm: VirtualMachine, verb: 'add_tags' | 'remove_tags', tag: OneTag): Plan {
  const changes = hasTag(vm, tag) === (verb === 'remove_tags');
  const word = tagWord(tag);
  const body = {
    external_id: vm.external_id,
    tags: [{ scope: tag.tag_scope, tag: tag.tag_value }],
  };
  const target = `/api/v1/fabric/virtual-machines?action=${verb}`;
  const what = verb === 'add_tags' ? `Tag ${vm.display_name}` : `Untag ${vm.display_name}`;
  return {
    summary: `${what} (${vm.external_id}) ${verb === 'add_tags' ? 'with' : 'from'} ${word}`,
    changes: changes
      ? [
          `${verb === 'add_tags' ? 'add' : 'remove'} ${word}; its groups and the rules that use them follow`,
        ]
      : [
          `nothing: ${vm.display_name} ${verb === 'add_tags' ? 'has it' : 'does not have it'} already`,
        ],
    requests: changes ? [requestOf({ method: 'POST', target, body })] : [],
    blast_radius: {
      total: 1,
      objects: [{ type: 'VirtualMachine', id: vm.external_id, name: vm.display_name }],
      reversible: true,
    },
    blockers: [],
    unmeasured: [],
    ...(changes && { undo: backToTag(vm, verb, tag) }),
  };
}
