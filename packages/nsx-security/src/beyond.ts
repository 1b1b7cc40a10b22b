import type { PolicyObject, SecurityPolicy } from '@vmware/clients/nsx';
import { orNull } from './capture.js';
import { type End, type Firewall, membersOfGroup, parseAddress } from './dfw/index.js';
import type { Snapshot } from './dfw/snapshot.js';
import type { Place } from './objects.js';

type Beyond = Required<Pick<Snapshot, 'beyond' | 'projects'>>;

/**
 * Whose rules else apply to the machines of a scope: those of the default scope come before those of a project and
 * its VPCs, and those of a Global Manager before both.
 */
export async function readBeyond({ nsx, scope, signal }: Place): Promise<Beyond> {
  if (scope.kind === 'global') return { beyond: [], projects: [] };
  const [global, projects] = await Promise.all([
    orNull(
      nsx.list<SecurityPolicy>('/policy/api/v1/global-infra/domains/default/security-policies', {
        signal,
      }),
    ),
    scope.kind === 'default'
      ? orNull(nsx.list<PolicyObject>('/policy/api/v1/orgs/default/projects', { signal }))
      : null,
  ]);
  const [, project = ''] = /^vpc:([^/]+)\//.exec(scope.name) ?? [];
  return {
    beyond: [
      ...(global && global.length > 0 ? ['global'] : []),
      ...(scope.kind === 'default' ? [] : ['default']),
      ...(scope.kind === 'vpc' ? [`project:${project}`] : []),
    ],
    projects: (projects ?? []).map(({ id }) => id).filter((id) => id !== 'default'),
  };
}

/** What a reader of findings about these rules has to know of rules that were not looked at. */
export const beyondNotes = ({ beyond = [], projects = [] }: Snapshot): string[] => [
  ...beyond.map(
    (scope) => `Rules of the scope ${scope} apply beside these and were not looked at.`,
  ),
  ...(projects.length > 0
    ? [
        `Projects (${projects.join(', ')}) have rules of their own: "redundant" holds for machines that are in none.`,
      ]
    : []),
];

/** Why what these rules say of an end is not the whole answer; none when it is. */
export function beyondReasons(firewall: Firewall, ends: readonly End[]): string[] {
  const { beyond = [], projects = [] } = firewall.snapshot;
  const elsewhere = projects.length === 0 ? [] : machinesElsewhere(firewall, ends);
  return [
    ...beyond.map(
      (scope) =>
        `rules of the scope ${scope} also apply here, and are not part of this configuration`,
    ),
    ...elsewhere.map(
      (name) =>
        `${name} is on no segment of the default scope: rules of its project (${projects.join(', ')}) may apply too`,
    ),
  ];
}

/** Machines of these ends that are attached to something which is no port of this scope. */
function machinesElsewhere(firewall: Firewall, ends: readonly End[]): string[] {
  if (firewall.snapshot.segment_ports === null) return [];
  const vnics = ends.flatMap((end) => {
    if (end.kind === 'vm') return firewall.vnics.ofVm(end.external_id);
    if (end.kind === 'group') return membersOfGroup(firewall, end.path);
    const address = parseAddress(end.ip);
    return address ? firewall.vnics.withAddress(address) : [];
  });
  const foreign = vnics.filter(
    ({ vif, portPath }) => vif?.lport_attachment_id !== undefined && portPath === undefined,
  );
  return [...new Set(foreign.flatMap(({ vm }) => vm?.display_name ?? []))];
}
