import { expect, test } from 'vitest';
import type { Release } from './releases.js';
import { upgradePath } from './upgrade-path.js';

const release = (version: string, more: Partial<Release> = {}): Release => ({
  name: version.replace('+', '---'),
  version,
  ready: true,
  compatible: true,
  osImages: [],
  why: null,
  ...more,
});
const all = [
  release('v1.33.1+vmware.1-fips-vkr.2'),
  release('v1.32.0+vmware.6-fips-vkr.2'),
  release('v1.32.3+vmware.1-fips-vkr.1', { ready: false }),
  release('v1.31.11+vmware.1-fips-vkr.2'),
  release('v1.31.4+vmware.1-fips-vkr.3'),
  release('v1.9.1+vmware.1'),
];
const to = (version: string) => {
  const found = all.find((one) => one.version.startsWith(version));
  if (!found) throw new Error(version);
  return found;
};
const steps = (from: string, target: Release) =>
  upgradePath(from, target, all).steps.map(({ version }) => version);

test('every minor version in between is a step, to its newest usable release', () => {
  expect(steps('v1.30.1+vmware.1-fips-tkg.5', to('v1.33'))).toEqual([
    'v1.31.11+vmware.1-fips-vkr.2',
    'v1.32.0+vmware.6-fips-vkr.2',
    'v1.33.1+vmware.1-fips-vkr.2',
  ]);
});

test('one minor version or a patch is one step', () => {
  expect(steps('v1.32.0+vmware.6-fips-vkr.2', to('v1.33'))).toHaveLength(1);
  expect(steps('v1.31.4+vmware.1-fips-vkr.3', to('v1.31.11'))).toHaveLength(1);
});

test('the same version is nothing to do', () => {
  expect(upgradePath('v1.33.1+vmware.1-fips-vkr.2', to('v1.33'), all)).toEqual({
    steps: [],
    blockers: [],
  });
});

test('versions are ordered as versions: v1.9 is older than v1.31', () => {
  expect(upgradePath('v1.31.4+vmware.1-fips-vkr.3', to('v1.9'), all).blockers).toEqual([
    'v1.9.1+vmware.1 is older than v1.31.4+vmware.1-fips-vkr.3: Kubernetes cannot be downgraded.',
  ]);
});

test('a minor version without a usable release stands in the way', () => {
  expect(upgradePath('v1.28.0+vmware.1', to('v1.31.4'), all).blockers).toEqual([
    'There is no usable release of v1.29 to go through.',
    'There is no usable release of v1.30 to go through.',
  ]);
});

test('a target that is not ready is refused with why', () => {
  const bad = release('v1.33.9+vmware.1', { compatible: false, why: 'needs Supervisor 9.1' });
  expect(upgradePath('v1.33.1+vmware.1-fips-vkr.2', bad, all).blockers).toEqual([
    'The release v1.33.9+vmware.1 is not compatible with this Supervisor: needs Supervisor 9.1.',
  ]);
});
