import { compareVersions, minorSkew, parseVersion, sameVersion } from '@vmware/clients/kube';
import { againstRelease, isUsable, type Release } from './releases.js';

export interface UpgradePath {
  /** Versions to upgrade to one after the other; the last one is the target. Empty: nothing to do or no way. */
  readonly steps: readonly Release[];
  readonly blockers: readonly string[];
}

/**
 * The way from a version to a release: Kubernetes goes one minor version at a time, so each minor in between is a
 * step, to its newest usable release.
 */
export function upgradePath(
  current: string,
  target: Release,
  releases: readonly Release[],
): UpgradePath {
  if (sameVersion(current, target.version, { loose: true })) return { steps: [], blockers: [] };
  const skew = minorSkew(current, target.version);
  if (skew === undefined)
    return { steps: [], blockers: [`${current} and ${target.version} cannot be compared.`] };
  if (compareVersions(target.version, current) < 0)
    return {
      steps: [],
      blockers: [`${target.version} is older than ${current}: Kubernetes cannot be downgraded.`],
    };
  const from = parseVersion(current)?.minor ?? 0;
  const between = Array.from({ length: Math.max(0, skew - 1) }, (_, at) => from + at + 1);
  const major = parseVersion(target.version)?.major ?? 1;
  const steps = between.map((minor) => ({
    minor,
    release: releases
      .filter((one) => isUsable(one) && parseVersion(one.version)?.minor === minor)
      .toSorted((a, b) => compareVersions(b.version, a.version))[0],
  }));
  return {
    steps: [...steps.flatMap(({ release }) => release ?? []), target],
    blockers: [
      ...steps.flatMap(({ minor, release }) =>
        release ? [] : [`There is no usable release of v${major}.${minor} to go through.`],
      ),
      ...againstRelease(target),
    ],
  };
}
