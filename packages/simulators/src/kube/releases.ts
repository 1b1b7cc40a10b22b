import { isJson, type KubeObject, listAt, textAt } from './object.js';
import { stamp } from './store.js';
import { plant, type World } from './world.js';

interface Release {
  readonly version: string;
  readonly ready: boolean;
  readonly compatible: boolean;
  readonly os: readonly string[];
}

const photon = ['photon-5-amd64'];
const both = ['photon-5-amd64', 'ubuntu-2204-amd64'];
const good = { ready: true, compatible: true };

/**
 * Releases as a content library brings them. Sorted as text, v1.31.9 comes after v1.31.11 and v1.28 is not the oldest
 * that can be used; the newest ready one is not compatible, and the newest of v1.32 is not ready.
 */
const releases: readonly Release[] = [
  { version: 'v1.28.8+vmware.1-fips.1-tkg.2', ...good, os: both },
  { version: 'v1.29.4+vmware.3-fips.1-tkg.1', ...good, os: both },
  { version: 'v1.30.1+vmware.1-fips-tkg.5', ...good, os: both },
  { version: 'v1.30.8+vmware.1-fips-vkr.1', ...good, os: both },
  { version: 'v1.31.4+vmware.1-fips-vkr.3', ...good, os: both },
  { version: 'v1.31.9+vmware.1-fips-vkr.1', ...good, os: both },
  { version: 'v1.31.11+vmware.1-fips-vkr.2', ...good, os: both },
  { version: 'v1.32.0+vmware.6-fips-vkr.2', ...good, os: both },
  { version: 'v1.32.7+vmware.1-fips-vkr.1', ready: false, compatible: true, os: photon },
  { version: 'v1.33.1+vmware.1-fips-vkr.2', ...good, os: both },
  { version: 'v1.34.1+vmware.1-fips-vkr.1', ready: true, compatible: false, os: photon },
];

/** `v1.31.4+vmware.1-fips-vkr.3` as names of objects have it. */
const named = (version: string): string => version.replace('+', '---');

/** The version of Kubernetes in a release, which is what a Cluster is kept with. */
export const kubernetesOf = (version: string): string => version.replace(/-(vkr|tkg)\.\d+$/, '');

/** Makes the releases, of both kinds that show them. */
export function plantReleases(world: World): void {
  const creationTimestamp = stamp(new Date(world.clock.now().getTime() - 60 * 86_400_000));
  const kinds = [
    ['tanzukubernetesreleases', 'run.tanzu.vmware.com'],
    ['kubernetesreleases', 'kubernetes.vmware.com'],
  ] as const;
  for (const { version, ready, compatible, os } of releases) {
    const labels = labelsOf(version);
    const condition = (type: string, holds: boolean, message: string) => ({
      type,
      status: holds ? 'True' : 'False',
      ...(!holds && { severity: 'Warning', reason: `Not${type}`, message }),
      lastTransitionTime: creationTimestamp,
    });
    for (const kind of kinds)
      plant(
        world,
        kind,
        { name: named(version), labels, creationTimestamp },
        {
          spec: {
            version,
            kubernetes: {
              version: kubernetesOf(version),
              imageRepository: 'localhost:5000/vmware.io',
              etcd: { imageTag: 'v3.5.21_vmware.4' },
              coredns: { imageTag: 'v1.12.0_vmware.3' },
              pause: { imageTag: '3.10' },
            },
            osImages: os.map((image) => ({ name: `${named(version)}-${image}` })),
          },
          status: {
            conditions: [
              condition('Ready', ready, 'The images of the release are not synchronised yet.'),
              condition('Compatible', compatible, 'The Supervisor is too old for this release.'),
            ],
          },
        },
      );
  }
}

/** `v1`, `v1.31`, `v1.31.4`, `v1.31.4---vmware` and so on, each without a value, so that a selector finds them. */
function labelsOf(version: string): Record<string, string> {
  const parts = named(version).split(/(?=[.-](?!-))/);
  const prefixes = parts.map((_, at) => parts.slice(0, at + 1).join(''));
  return Object.fromEntries(prefixes.filter((one) => !one.endsWith('-')).map((one) => [one, '']));
}

/**
 * The release that a version means: its own, that of Kubernetes in it, or the beginning of either, up to a part's end.
 * The newest one that is ready and compatible; undefined when there is none.
 */
export function resolveRelease({ store, kinds }: World, asked: string): KubeObject | undefined {
  const wanted = asked.replace('---', '+');
  const kind = kinds.named('tanzukubernetesreleases', 'run.tanzu.vmware.com');
  const found = store
    .list(kind)
    .filter(
      (release) => isUsable(release) && means(textAt(release['spec'], 'version') ?? '', wanted),
    );
  return found.sort((a, b) => compareVersions(b.metadata.name, a.metadata.name))[0];
}

const means = (version: string, wanted: string): boolean =>
  version === wanted || (version.startsWith(wanted) && /^[.+-]/.test(version.slice(wanted.length)));

const isUsable = ({ status }: KubeObject): boolean =>
  ['Ready', 'Compatible'].every((type) =>
    listAt(isJson(status) ? status : {}, 'conditions').some(
      (condition) => condition['type'] === type && condition['status'] === 'True',
    ),
  );

/** Below 0 when `a` is older: numbers are compared as numbers. */
export function compareVersions(a: string, b: string): number {
  const [xs, ys] = [a, b].map((version) => version.match(/\d+/g)?.map(Number) ?? []);
  for (let at = 0; at < Math.max(xs?.length ?? 0, ys?.length ?? 0); at += 1) {
    const order = (xs?.[at] ?? -1) - (ys?.[at] ?? -1);
    if (order !== 0) return order;
  }
  return 0;
}
