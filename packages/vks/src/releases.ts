import { ApiError } from '@vmware/clients/http';
import { compareVersions, type Kube, type KubeObject, matchesVersion } from '@vmware/clients/kube';
import { nearest } from '@vmware/clients/wcp';
import { Refusal } from '@vmware/policy';
import { conditionsOf, isTrue } from './condition.js';
import { listAt, textAt } from './field.js';
import { type KnownKind, served } from './known-resource.js';
import { quoted } from './quoted.js';

/** A Kubernetes release that clusters can be made of. */
export interface Release {
  /** Of the object: `v1.33.1---vmware.1-fips-vkr.2` */
  readonly name: string;
  /** As a cluster asks for it: `v1.33.1+vmware.1-fips-vkr.2` */
  readonly version: string;
  /** Undefined: the Supervisor does not say. */
  readonly ready: boolean | undefined;
  readonly compatible: boolean | undefined;
  readonly osImages: readonly string[];
  /** Why it is not ready or not compatible. */
  readonly why: string | null;
}

/** KubernetesRelease is what newer Supervisors call a TanzuKubernetesRelease; both may be served. */
const releaseKinds: readonly KnownKind[] = [
  {
    group: 'run.tanzu.vmware.com',
    plural: 'tanzukubernetesreleases',
    kind: 'TanzuKubernetesRelease',
    namespaced: false,
    speaks: ['v1alpha3'],
  },
  {
    group: 'kubernetes.vmware.com',
    plural: 'kubernetesreleases',
    kind: 'KubernetesRelease',
    namespaced: false,
  },
];

/** Releases of a Supervisor, newest first by version. Throws API_NOT_SERVED where it has neither kind. */
export async function releasesOf(kube: Kube, signal: AbortSignal): Promise<Release[]> {
  let missing: unknown;
  for (const kind of releaseKinds) {
    try {
      const { items } = await kube.all(await served(kube, kind, signal), { signal });
      if (items.length > 0)
        return items.map(releaseOf).sort((a, b) => compareVersions(b.version, a.version));
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'API_NOT_SERVED') throw error;
      missing ??= error;
    }
  }
  if (missing) throw missing;
  return [];
}

function releaseOf(object: KubeObject): Release {
  const conditions = conditionsOf(object);
  const why = conditions.find(
    ({ type, status }) => ['Ready', 'Compatible'].includes(type) && status === 'False',
  );
  const version = textAt(object, 'spec', 'version') ?? object.metadata.name.replace('---', '+');
  return {
    name: object.metadata.name,
    version: version.startsWith('v') ? version : `v${version}`,
    ready: isTrue(conditions, 'Ready'),
    compatible: isTrue(conditions, 'Compatible'),
    osImages: listAt(object, 'spec', 'osImages').flatMap((one) => textAt(one, 'name') ?? []),
    why: why ? why.message || why.reason || `${why.type} is False` : null,
  };
}

/** Whether clusters may be made of it: both said so, or nothing said that they may not. */
export const isUsable = ({ ready, compatible }: Release): boolean =>
  ready !== false && compatible !== false;

/**
 * The release that a version means, whole or its start, or a release's name: the newest one that is usable, else the
 * newest. Throws INVALID_INPUT with the nearest versions.
 */
export function releaseFor(
  releases: readonly Release[],
  wanted: string,
  namespace: string,
): Release {
  const meant = releases.filter(
    ({ name, version }) => name === wanted || version === wanted || matchesVersion(version, wanted),
  );
  const found = meant.find(({ name, version }) => name === wanted || version === wanted);
  const release = found ?? meant.find(isUsable) ?? meant[0];
  if (release) return release;
  const usable = releases.filter(isUsable).map(({ version }) => version);
  const near = nearest(wanted, usable, 3);
  const shown = near.length > 0 ? near : usable.slice(0, 3);
  throw new Refusal(
    'INVALID_INPUT',
    `There is no Kubernetes release ${quoted(wanted)}${shown.length > 0 ? `; near it: ${shown.join(', ')}` : ''}.`,
    `Run \`vmware-vks tkc versions -n ${quoted(namespace)}\` to see them.`,
  );
}

/** Why a release cannot be used; empty when it can. */
export const againstRelease = ({ version, ready, compatible, why }: Release): string[] => [
  ...(ready === false ? [`The release ${version} is not ready${why ? `: ${why}` : ''}.`] : []),
  ...(compatible === false
    ? [`The release ${version} is not compatible with this Supervisor${why ? `: ${why}` : ''}.`]
    : []),
];
