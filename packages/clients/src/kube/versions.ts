/**
 * A version of Kubernetes as a Supervisor, a cluster or a release names it: `v1.31.11+vmware.1-fips.2-vkr.3`, in
 * names of objects `v1.28.8---vmware.1-fips.1-tkg.2`. Parts that are not given (`1.33`) are undefined.
 */
export interface KubeVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number | undefined;
  /** `rc.1`, empty for a release. */
  readonly prerelease: string;
  /** `vmware.1-fips.2-vkr.3`, empty upstream. */
  readonly build: string;
}

const form =
  /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,6})(?:-([0-9a-z][0-9a-z.-]*))?(?:\+([0-9a-z][0-9a-z.-]*))?)?$/i;

/** Undefined for what is no version. */
export function parseVersion(text: string): KubeVersion | undefined {
  const found = form.exec(text.trim().replace('---', '+'));
  if (!found) return undefined;
  const [, major, minor, patch, prerelease = '', build = ''] = found;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: patch === undefined ? undefined : Number(patch),
    prerelease,
    build,
  };
}

/** Below 0 when `a` is older. Builds are ordered part by part, numbers as numbers; what is no version comes first. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [parseVersion(a), parseVersion(b)];
  if (!x || !y) return x ? 1 : y ? -1 : byText(a, b);
  return (
    x.major - y.major ||
    x.minor - y.minor ||
    (x.patch ?? -1) - (y.patch ?? -1) ||
    // A release follows its candidates.
    Number(x.prerelease === '') - Number(y.prerelease === '') ||
    compareParts(x.prerelease, y.prerelease) ||
    compareParts(x.build, y.build)
  );
}

/** Minor versions from one to the other: 1 from v1.32 to v1.33. Undefined when they cannot be compared. */
export function minorSkew(from: string, to: string): number | undefined {
  const [x, y] = [parseVersion(from), parseVersion(to)];
  return x && y && x.major === y.major ? y.minor - x.minor : undefined;
}

/**
 * Whether both name the same version, however it is written. A cluster's `spec.topology.version` has the
 * `-vkr.N` (or `-tkg.N`) ending of its release, its nodes have not: `loose` leaves it out of account.
 */
export function sameVersion(a: string, b: string, { loose = false } = {}): boolean {
  const [x, y] = [a, b].map((text) => parseVersion(loose ? withoutRelease(text) : text));
  return x !== undefined && y !== undefined && canonical(x) === canonical(y);
}

/** Without its `-vkr.N` or `-tkg.N` ending. */
export const withoutRelease = (version: string): string =>
  version.replace(/-(vkr|tkg)\.[0-9.]+$/, '');

/** Whether a version is meant by a shorter one: `1.33` and `v1.33.6` mean `v1.33.6+vmware.1-fips`, `1.3` does not. */
export function matchesVersion(version: string, wanted: string): boolean {
  const [full, part] = [parseVersion(version), parseVersion(wanted)];
  if (!full || !part || full.major !== part.major || full.minor !== part.minor) return false;
  if (part.patch === undefined) return true;
  if (full.patch !== part.patch || full.prerelease !== part.prerelease) return false;
  const rest = full.build.slice(part.build.length);
  return part.build === '' || (full.build.startsWith(part.build) && /^($|[.-])/.test(rest));
}

const canonical = ({ major, minor, patch, prerelease, build }: KubeVersion) =>
  JSON.stringify([major, minor, patch, prerelease, build]);

function compareParts(a: string, b: string): number {
  const [xs, ys] = [a, b].map((text) => (text === '' ? [] : text.split(/[.-]/)));
  for (let at = 0; at < Math.max(xs?.length ?? 0, ys?.length ?? 0); at++) {
    const [x, y] = [xs?.[at], ys?.[at]];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    const bothCount = /^\d+$/.test(x) && /^\d+$/.test(y);
    const order = bothCount ? Number(x) - Number(y) : byText(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
