import { withoutRelease } from '@vmware/clients/kube';
import { expect, test } from 'vitest';
import { change, planOf, read } from '../../../test/answer.js';
import { upgradable } from '../../../test/changes.js';
import { changesAt, lab } from '../../../test/lab.js';
import { usableVersions } from '../../../test/versions.js';
import { getTkcCluster } from './get-tkc-cluster.js';
import { upgradeTkcCluster } from './upgrade-tkc-cluster.js';

test('a cluster goes to the next minor version, and its pools stay', async () => {
  await using at = await lab();
  const { name, namespace, to } = await upgradable(at);
  const before = await read(at, getTkcCluster, { name, namespace });
  expect(await change(at, upgradeTkcCluster, { name, namespace, k8s_version: to })).toMatchObject({
    status: 'upgrading',
    new_version: to,
  });
  const after = await read(at, getTkcCluster, { name, namespace });
  expect(after.k8s_version).toBe(withoutRelease(to));
  expect(after.pools).toEqual(before.pools);
});

test('it cannot be undone, and the plan says so', async () => {
  await using at = await lab();
  const { name, namespace, to } = await upgradable(at);
  const { blast_radius, changes } = await planOf(at, upgradeTkcCluster, {
    name,
    namespace,
    k8s_version: to,
  });
  expect(blast_radius.reversible).toBe(false);
  expect(changes[0]).toMatch(/^Kubernetes v1\.\d+.* → v1\.\d+/);
});

test('a minor version is not skipped, and nothing goes back', async () => {
  await using at = await lab();
  const versions = await usableVersions(at);
  const { name, namespace } = await upgradable(at);
  const blockersFor = async (k8s_version: string) =>
    (await planOf(at, upgradeTkcCluster, { name, namespace, k8s_version })).blockers.join(' ');
  expect(await blockersFor(versions.at(-1) ?? '')).toContain('2 steps away');
  expect(await blockersFor(versions[0] ?? '')).toContain('cannot be downgraded');
  expect(changesAt(at.sim)).toEqual([]);
});

test('a cluster that is still busy has to be waited for', async () => {
  await using at = await lab();
  const { name, namespace, to } = await upgradable(at);
  await change(at, upgradeTkcCluster, { name, namespace, k8s_version: to });
  await at.advance(15_000);
  const { blockers } = await planOf(at, upgradeTkcCluster, {
    name,
    namespace,
    k8s_version: (await usableVersions(at)).at(-1) ?? '',
  });
  expect(blockers.length).toBeGreaterThan(0);
});
