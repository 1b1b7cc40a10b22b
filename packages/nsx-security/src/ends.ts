import { Refusal } from '@vmware/policy';
import { type End, formatIps, parseIps } from './dfw/index.js';
import type { Snapshot } from './dfw/snapshot.js';

/** One end of a question, and how it is called in the answer. */
export interface NamedEnd {
  readonly end: End;
  readonly name: string;
}

/**
 * What a word means in a configuration: an address, prefix or range; a VM by name or external id; a group by id,
 * name or path. `vm:`, `group:` and `ip:` say which. Throws NOT_FOUND, or AMBIGUOUS with the candidates.
 */
export function endOf(snapshot: Snapshot, word: string): NamedEnd {
  const [, kind, rest = word] = /^(vm|group|ip):(.+)$/s.exec(word) ?? [];
  const ips = kind === undefined || kind === 'ip' ? parseIps(rest) : null;
  if (ips) return { end: { kind: 'ip', ip: rest }, name: formatIps(ips).join(', ') };
  const vms = kind === undefined || kind === 'vm' ? vmsNamed(snapshot, rest) : [];
  const groups = kind === undefined || kind === 'group' ? groupsNamed(snapshot, rest) : [];
  const found = [...vms, ...groups];
  const [only] = found;
  if (only && found.length === 1) return only;
  if (found.length > 1)
    throw new Refusal(
      'AMBIGUOUS',
      `"${rest}" is ${vms.length} VMs and ${groups.length} groups.`,
      'Write vm:<external id> or group:<path> for the one you mean.',
      {
        candidates: found.map(({ end, name }) => ({
          use:
            end.kind === 'vm'
              ? `vm:${end.external_id}`
              : end.kind === 'group'
                ? `group:${end.path}`
                : name,
          name,
        })),
      },
    );
  const unknown = snapshot.virtual_machines === null && kind !== 'group';
  throw new Refusal(
    'NOT_FOUND',
    `There is no VM, group or address "${rest}"${unknown ? ' (VMs could not be read)' : ''} in ${snapshot.nsx_scope}.`,
    'Run `vmware-nsx-security group list` for groups; VMs have the names that vCenter gives them.',
  );
}

const vmsNamed = ({ virtual_machines }: Snapshot, word: string): NamedEnd[] =>
  (virtual_machines ?? [])
    .filter(({ display_name, external_id }) => display_name === word || external_id === word)
    .map(({ display_name, external_id }) => ({
      end: { kind: 'vm', external_id },
      name: display_name,
    }));

const groupsNamed = ({ groups }: Snapshot, word: string): NamedEnd[] =>
  groups
    .filter(({ id, path, display_name }) => id === word || path === word || display_name === word)
    .map(({ id, path, display_name }) => ({
      end: { kind: 'group', path },
      name: display_name ?? id,
    }));
