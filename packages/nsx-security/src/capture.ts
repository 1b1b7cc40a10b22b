import { ApiError } from '@vmware/clients/http';
import type {
  ContextProfile,
  ExcludeList,
  FirewallConfiguration,
  Group,
  Rule,
  SecurityPolicy,
  Segment,
  SegmentPort,
  Service,
  Vif,
  VirtualMachine,
} from '@vmware/clients/nsx';
import { readBeyond } from './beyond.js';
import type { PolicyWithRules, Snapshot } from './dfw/snapshot.js';
import { type Place, targetOf } from './objects.js';
import { readTree } from './tree.js';

/** What a snapshot is to hold: configuration always, the inventory only where membership matters. */
export interface Capture {
  readonly inventory: boolean;
}

type Target = Snapshot['manager'];

/**
 * Reads the distributed firewall of a scope: the configuration in one request where NSX has one for it, so that
 * it is of one moment. What the account may not read, or a manager has not, is null.
 */
export async function capture(
  place: Place,
  manager: Pick<Target, 'name' | 'host'>,
  { inventory }: Capture,
): Promise<Snapshot> {
  const { nsx, scope, signal } = place;
  const taken_at = new Date().toISOString();
  const [tree, version, firewall, exclude_list, things, around] = await Promise.all([
    configuration(place),
    orNull(nsx.get<{ product_version?: string }>('/api/v1/node/version', { signal })),
    orNull(
      nsx.get<FirewallConfiguration>(targetOf(place, `${settings(place)}/firewall/security`), {
        signal,
      }),
    ),
    readExcludeList(place),
    inventory && scope.kind !== 'global' ? readInventory(place) : nothing,
    readBeyond(place),
  ]);
  return {
    format: 'vmware-nsx-security/snapshot',
    version: 1,
    taken_at,
    manager: { ...manager, product_version: version?.product_version ?? null },
    nsx_scope: scope.name,
    ...around,
    firewall,
    exclude_list,
    ...tree,
    ...things,
    ...(things.segments !== null && {
      segment_ports: await portsOf(place, things.segments, {
        groups: tree.groups,
        vifs: things.vifs ?? [],
        projects: around.projects,
      }),
    }),
  };
}

const nothing = { virtual_machines: null, vifs: null, segments: null, segment_ports: null };

/** Settings are those of the manager, whichever project asks. */
const settings = ({ scope }: Place): string =>
  scope.kind === 'global' ? '/global-infra/settings' : '/infra/settings';

/** System-owned members included; null when it cannot be read. */
export async function readExcludeList(place: Place): Promise<ExcludeList | null> {
  const { nsx, signal } = place;
  const target = targetOf(place, `${settings(place)}/firewall/security/exclude-list`);
  const whole = await orNull(
    nsx.get<ExcludeList>(target, { query: { system_owned: true }, signal }),
  );
  return whole && { ...whole, members: whole.members ?? [] };
}

type Configuration = Pick<Snapshot, 'policies' | 'groups' | 'services' | 'context_profiles'>;

async function configuration(place: Place): Promise<Configuration> {
  if (place.scope.kind !== 'vpc') return readTree(place);
  const { nsx, scope, signal } = place;
  const list = <T>(path: string) => nsx.list<T>(targetOf(place, path), { signal });
  const [policies, groups, services, context_profiles] = await Promise.all([
    list<SecurityPolicy>(`${scope.domain}/security-policies`),
    list<Group>(`${scope.domain}/groups`),
    list<Service>(`${scope.infra}/services`),
    list<ContextProfile>(`${scope.infra}/context-profiles`),
  ]);
  const withRules = await Promise.all(
    policies.map(
      async (policy): Promise<PolicyWithRules> => ({
        ...policy,
        rules: await list<Rule>(`${policy.path}/rules`),
      }),
    ),
  );
  return { policies: withRules, groups, services, context_profiles };
}

async function readInventory(place: Place) {
  const { nsx, scope, signal } = place;
  const infra = scope.kind === 'default' ? '/infra' : scope.infra;
  const [virtual_machines, vifs, segments] = await Promise.all([
    orNull(
      nsx.list<VirtualMachine>(targetOf(place, `${infra}/realized-state/virtual-machines`), {
        signal,
      }),
    ),
    orNull(nsx.list<Vif>('/api/v1/fabric/vifs', { signal })),
    orNull(nsx.list<Segment>(targetOf(place, `${infra}/segments`), { signal })),
  ]);
  return { virtual_machines, vifs, segments, segment_ports: null as readonly SegmentPort[] | null };
}

interface PortNeeds {
  readonly groups: readonly Group[];
  readonly vifs: readonly Vif[];
  readonly projects: readonly string[];
}

/**
 * Ports cost a request for each segment. They are read where a group speaks of segments, where the addresses of a
 * card are known to its port alone (guests without VMware Tools), and where a machine may be a project's.
 */
async function portsOf(
  place: Place,
  segments: readonly Segment[],
  { groups, vifs, projects }: PortNeeds,
): Promise<readonly SegmentPort[] | null> {
  const expressions = JSON.stringify(groups.map(({ expression }) => expression));
  const isNeeded =
    projects.length > 0 ||
    /\/segments\/|"Segment(Port)?"/.test(expressions) ||
    vifs.some(
      ({ ip_address_info }) => !ip_address_info?.some(({ ip_addresses }) => ip_addresses?.length),
    );
  if (!isNeeded) return null;
  const lists = await Promise.all(
    segments.map(({ path }) =>
      orNull(
        place.nsx.list<SegmentPort>(targetOf(place, `${path}/ports`), { signal: place.signal }),
      ),
    ),
  );
  return lists.some((list) => list === null) ? null : lists.flatMap((list) => list ?? []);
}

/** What the account may not read, or this manager has not, is unknown. Everything else is an error. */
export async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (
      error instanceof ApiError &&
      ['NO_PERMISSION', 'NOT_FOUND', 'INVALID_ARGUMENT'].includes(error.code)
    )
      return null;
    throw error;
  }
}
