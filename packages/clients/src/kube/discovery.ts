import { ApiError } from '../http/errors.js';
import { fieldsOf } from './status.js';
import type { Resource, Stoppable } from './types.js';

/** The API groups a server has and their versions, the server's own preference first. */
export interface Apis {
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Versions of a group; empty when it is not served. */
  versions(group: string): readonly string[];
}

export interface Wanted extends Stoppable {
  /** Versions we can speak, best first; no other is taken. Absent: any, newest first. */
  readonly prefer?: readonly string[];
  /** The oldest version that has what is needed: `v1alpha4`. */
  readonly least?: string;
}

/** Reads an API document, once for all who ask. */
type Read = (target: string) => Promise<unknown>;

/** The core group is not in GET /apis. */
const core: readonly string[] = ['v1'];

/** From the APIGroupList of GET /apis. */
export function apisIn(body: unknown): Apis | undefined {
  const { kind, groups: listed } = fieldsOf(body);
  if (kind !== 'APIGroupList' || !Array.isArray(listed)) return undefined;
  const groups = new Map<string, readonly string[]>([['', core]]);
  for (const each of listed) {
    const { name, versions, preferredVersion } = fieldsOf(each);
    if (typeof name !== 'string' || !Array.isArray(versions)) continue;
    const first = fieldsOf(preferredVersion)['version'];
    const served = versions.flatMap((one: unknown) => {
      const { version } = fieldsOf(one);
      return typeof version === 'string' ? [version] : [];
    });
    groups.set(
      name,
      served.toSorted((a, b) => Number(b === first) - Number(a === first)),
    );
  }
  return { groups, versions: (group) => groups.get(group) ?? [] };
}

/**
 * The resource in the best version that has it. Throws API_NOT_SERVED naming the group, what is needed and
 * what there is.
 */
export async function findResource(
  { apis, read, label }: { apis: Apis; read: Read; label: string },
  group: string,
  plural: string,
  { prefer, least }: Wanted,
): Promise<Resource> {
  const served = apis.versions(group);
  const candidates = (prefer ?? served.toSorted((a, b) => compareApiVersions(b, a))).filter(
    (version) => served.includes(version) && (!least || compareApiVersions(version, least) >= 0),
  );
  for (const version of candidates) {
    const document = await read(
      group === '' ? `/api/${version}` : `/apis/${encodeURIComponent(group)}/${version}`,
    );
    const found = resourceIn(document, group, version, plural);
    if (found) return found;
  }
  const needed = prefer ? prefer.join(' or ') : least ? `${least} or later` : 'any version';
  const there = served.length === 0 ? 'does not serve the group' : `serves ${served.join(', ')}`;
  throw new ApiError(
    'API_NOT_SERVED',
    `${label} has no ${plural} of ${group || 'the core group'} in ${needed}${
      prefer && least ? ` from ${least}` : ''
    }: it ${there}${candidates.length > 0 ? `, and ${plural} are not in ${candidates.join(', ')}` : ''}`,
    {
      remedy:
        'Check the version of the server, and whether the service that brings this API is installed.',
      details: { group, plural, needed, served },
    },
  );
}

/** `v1alpha6` < `v1beta1` < `v1beta2` < `v1` < `v2`; anything else comes first. */
export function compareApiVersions(a: string, b: string): number {
  const [x, y] = [rank(a), rank(b)];
  return x.stage - y.stage || x.major - y.major || x.minor - y.minor;
}

function rank(version: string): { stage: number; major: number; minor: number } {
  const [, major, stage, minor] = /^v(\d{1,6})(?:(alpha|beta)(\d{1,6}))?$/.exec(version) ?? [];
  const order = major === undefined ? 0 : stage === 'alpha' ? 1 : stage === 'beta' ? 2 : 3;
  return { stage: order, major: Number(major ?? 0), minor: Number(minor ?? 0) };
}

function resourceIn(
  document: unknown,
  group: string,
  version: string,
  plural: string,
): Resource | undefined {
  const { resources } = fieldsOf(document);
  for (const each of Array.isArray(resources) ? resources : []) {
    const { name, kind, namespaced } = fieldsOf(each);
    if (name === plural && typeof kind === 'string' && typeof namespaced === 'boolean')
      return { group, version, plural, kind, namespaced };
  }
  return undefined;
}
