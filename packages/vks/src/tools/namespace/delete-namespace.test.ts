import { expect, test } from 'vitest';
import { change, planOf, problemOf } from '../../../test/answer.js';
import { emptyNamespace } from '../../../test/changes.js';
import { changesAt, lab } from '../../../test/lab.js';
import { usableVersions } from '../../../test/versions.js';
import { deleteNamespace } from './delete-namespace.js';

test('an empty namespace goes', async () => {
  await using at = await lab();
  await emptyNamespace(at, 'retired');
  const { summary, blast_radius } = await planOf(at, deleteNamespace, { name: 'retired' });
  expect(summary).toBe('Permanently delete the empty vSphere Namespace retired');
  expect(blast_radius).toMatchObject({ total: 1, reversible: false });
  expect(await change(at, deleteNamespace, { name: 'retired' })).toMatchObject({
    status: 'deleted',
  });
  await at.advance(5_000);
  expect(at.sim.world.namespaces.has('retired')).toBe(false);
});

test('what would be lost is named, and refuses', async () => {
  await using at = await lab();
  const { blockers, changes, blast_radius } = await planOf(at, deleteNamespace, { name: 'dev' });
  expect(blockers[0]).toMatch(/It holds \d+ cluster.* \(.*web.*\)/);
  expect(changes.join('\n')).toContain('lose the cluster web (Provisioned)');
  expect(blast_radius.total).toBeGreaterThan(1);
  expect(
    await problemOf(at, deleteNamespace, { name: 'dev' }, { dryRun: false, confirmed: true }),
  ).toMatchObject({ status: 'refused', code: 'BLOCKED' });
  expect(changesAt(at.sim)).toEqual([]);
});

test('it looks on the Supervisor that the namespace is on, not on another', async () => {
  await using at = await lab();
  await at.sim.supervisors[1]?.addCluster({
    namespace: 'edge',
    name: 'kiosk',
    version: (await usableVersions(at))[0] ?? '',
    pools: [{ name: 'workers', replicas: 1 }],
  });
  const { blockers } = await planOf(at, deleteNamespace, { name: 'edge' });
  expect(blockers[0]).toContain('kiosk');
});

test.each([
  ['clusters', 'GET /apis/cluster.x-k8s.io/v1beta2/namespaces/{}/clusters'],
  ['volume claims', 'GET /api/v1/namespaces/{}/persistentvolumeclaims'],
  ['pods', 'GET /api/v1/namespaces/{}/pods'],
])('%s that cannot be listed are unknown, and unknown refuses', async (what, method) => {
  await using at = await lab();
  await emptyNamespace(at, 'retired');
  at.sim.kubeFaults.add({
    match: { method },
    times: Number.POSITIVE_INFINITY,
    then: { status: 500 },
  });
  const { unmeasured } = await planOf(at, deleteNamespace, { name: 'retired' });
  expect(unmeasured).toEqual([expect.stringContaining(`${what} in retired: `)]);
  expect(
    await problemOf(at, deleteNamespace, { name: 'retired' }, { dryRun: false, confirmed: true }),
  ).toMatchObject({ status: 'refused' });
  expect(changesAt(at.sim)).toEqual([]);
});

test('a Supervisor that cannot be entered refuses, and says what could not be seen', async () => {
  await using at = await lab();
  await emptyNamespace(at, 'retired');
  at.sim.kubeFaults.add({ times: Number.POSITIVE_INFINITY, then: { status: 503 } });
  const preview = await at.call(deleteNamespace, { name: 'retired' });
  expect(JSON.stringify(preview)).toMatch(/in retired: /);
  expect(preview).not.toMatchObject({ consent: expect.any(String) });
});

test('force deletes all of it, and only a person can agree to that', async () => {
  await using at = await lab();
  const input = { name: 'dev', force: true };
  const { blockers, consent, changes } = await planOf(at, deleteNamespace, input);
  expect(blockers).toEqual([]);
  expect(consent).toBe('human');
  expect(changes.join('\n')).toContain('lose the cluster web');
  expect(
    await problemOf(at, deleteNamespace, input, { dryRun: false, confirmed: true }),
  ).toMatchObject({ status: 'refused', code: 'AWAITING_APPROVAL' });
  expect(changesAt(at.sim)).toEqual([]);
});
