import type { Change, ExcludeList, Group } from '@vmware/clients/nsx';
import type { Plan } from '@vmware/policy';
import { orNull } from './capture.js';
import type { Snapshot } from './dfw/snapshot.js';
import { vmMembers } from './group-members.js';
import { type Place, targetOf, writable } from './objects.js';
import { requestOf } from './planned-request.js';
import { backToExclusion } from './undo/groups.js';

const target = (place: Place): string =>
  targetOf(
    place,
    `${place.scope.kind === 'global' ? '/global-infra' : '/infra'}/settings/firewall/security/exclude-list`,
  );

/** GET of the exclude list. One without members may come without the field. */
async function readList(
  place: Place,
  query?: { readonly system_owned: true },
): Promise<ExcludeList> {
  const list = await place.nsx.get<Partial<ExcludeList>>(target(place), {
    ...(query && { query }),
    signal: place.signal,
  });
  return { ...list, members: list.members ?? [] };
}

/** The exclude list with its system-owned members; where NSX cannot show those, the users' alone, and it says so. */
export async function readExclusions(
  place: Place,
): Promise<{ list: ExcludeList; scope: 'system_and_user' | 'user' }> {
  const whole = await orNull(readList(place, { system_owned: true }));
  if (whole) return { list: whole, scope: 'system_and_user' };
  return { list: await readList(place), scope: 'user' };
}

/** PUT of the exclude list as it was read, with these members. */
export const exclusionChange = (place: Place, list: ExcludeList, members: string[]): Change => ({
  method: 'PUT',
  target: target(place),
  body: { ...writable(list), members },
});

/**
 * The exclude list back to what a snapshot has, system-owned members aside; undefined when it is so already, or
 * when the scope has none. `first`: every member is there now, so that it can go before anything else.
 */
export async function exclusionRestore(
  place: Place,
  { exclude_list }: Snapshot,
  live: Snapshot,
): Promise<{ change: Change; said: string; first: boolean } | undefined> {
  const { kind } = place.scope;
  if (!exclude_list || !live.exclude_list || kind === 'project' || kind === 'vpc') return undefined;
  const own = await readList(place);
  const system = new Set(live.exclude_list.members.filter((path) => !own.members.includes(path)));
  const members = exclude_list.members.filter((path) => !system.has(path));
  const added = members.filter((path) => !own.members.includes(path));
  const removed = own.members.filter((path) => !members.includes(path));
  if (added.length + removed.length === 0) return undefined;
  const said = [
    ...(added.length > 0 ? [`add ${added.join(', ')}`] : []),
    ...(removed.length > 0 ? [`remove ${removed.join(', ')}`] : []),
  ];
  const there = new Set(live.groups.map(({ path }) => path));
  return {
    change: exclusionChange(place, own, members),
    said: `change the exclude list: ${said.join('; ')}`,
    first: members.every((path) => there.has(path)),
  };
}

/** Putting a group on the exclude list or taking it off: GET, one member more or less, PUT with its revision. */
export async function planExclusion(
  place: Place,
  group: Group,
  verb: 'add' | 'remove',
): Promise<Plan> {
  const [list, { member_count }] = await Promise.all([
    readList(place),
    vmMembers(place, group.path, 1),
  ]);
  const isOn = list.members.includes(group.path);
  const name = group.display_name ?? group.id;
  const members =
    verb === 'add'
      ? [...list.members, group.path]
      : list.members.filter((path) => path !== group.path);
  const change = exclusionChange(place, list, members);
  const vms = member_count === null ? 'an unknown number of VMs' : `${member_count} VMs`;
  const idle = isOn === (verb === 'add');
  return {
    summary:
      verb === 'add'
        ? `Exclude the group ${name} from the distributed firewall`
        : `Put the group ${name} back under the distributed firewall`,
    changes: idle
      ? [`nothing: ${name} is ${verb === 'add' ? '' : 'not '}on the exclude list already`]
      : [
          verb === 'add'
            ? `no rule is enforced for ${vms} any more, whatever other groups they are in`
            : `rules are enforced for ${vms} from then on; what none allows is judged by the default rule`,
        ],
    requests: idle ? [] : [requestOf(change)],
    blast_radius: {
      total: Math.max(1, member_count ?? 1),
      objects: [{ type: 'Group', id: group.id, name }],
      reversible: true,
    },
    blockers: members.length > 100 ? ['An exclude list holds at most 100 groups.'] : [],
    unmeasured: member_count === null ? [`how many VMs are in ${name}`] : [],
    ...(!idle && { undo: backToExclusion(group, verb) }),
  };
}
