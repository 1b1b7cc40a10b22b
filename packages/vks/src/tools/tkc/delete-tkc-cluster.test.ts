import { expect, test } from 'vitest';
import { change, planOf, problemOf, read } from '../../../test/answer.js';
import { inputs } from '../../../test/changes.js';
import { changesAt, type Lab, lab } from '../../../test/lab.js';
import { deleteTkcCluster } from './delete-tkc-cluster.js';
import { listTkcClusters } from './list-tkc-clusters.js';

const shop = { name: 'shop', namespace: 'prod' };

/** A cluster in which nobody has put anything. */
async function idle(at: Lab): Promise<{ name: string; namespace: string }> {
  const input = inputs['delete_tkc_cluster'];
  return (typeof input === 'function' ? await input(at) : input) as never;
}

test('a cluster with nothing but the system’s own workloads goes', async () => {
  await using at = await lab();
  const input = await idle(at);
  const { blockers, unmeasured } = await planOf(at, deleteTkcCluster, input);
  expect([blockers, unmeasured]).toEqual([[], []]);
  expect(await change(at, deleteTkcCluster, input)).toMatchObject({ status: 'deleting' });
  await at.advance(600_000);
  const { items } = await read(at, listTkcClusters, { namespace: 'dev' });
  expect(items.map(({ name }) => name)).not.toContain('idle');
});

test('workloads, volumes and load balancers of users are named, and refuse', async () => {
  await using at = await lab();
  const { blockers, changes } = await planOf(at, deleteTkcCluster, shop);
  expect(blockers[0]).toMatch(/In it are .*Deployment/);
  expect(changes.join('\n')).not.toContain('kube-system');
  expect(changes.join('\n')).toMatch(/lose the (volume claim|load balancer)/);
  expect(
    await problemOf(at, deleteTkcCluster, shop, { dryRun: false, confirmed: true }),
  ).toMatchObject({
    code: 'BLOCKED',
  });
  expect(changesAt(at.sim)).toEqual([]);
});

test('a cluster that cannot be entered counts as one that holds something', async () => {
  await using at = await lab();
  const input = await idle(at);
  at.sim.kubeFaults.add({
    match: { method: 'POST /wcp/login' },
    times: Number.POSITIVE_INFINITY,
    then: { status: 500 },
  });
  const outcome = await at.call(deleteTkcCluster, input);
  expect(JSON.stringify(outcome)).toMatch(/login|500/);
  expect(outcome).not.toMatchObject({ consent: expect.any(String) });
  expect(changesAt(at.sim)).toEqual([]);
});

test('force deletes it all the same, and only a person can agree to that', async () => {
  await using at = await lab();
  const input = { ...shop, force: true };
  const { blockers, consent } = await planOf(at, deleteTkcCluster, input);
  expect([blockers, consent]).toEqual([[], 'human']);
  expect(
    await problemOf(at, deleteTkcCluster, input, { dryRun: false, confirmed: true }),
  ).toMatchObject({
    code: 'AWAITING_APPROVAL',
  });
  expect(changesAt(at.sim)).toEqual([]);
});

test('it deletes the cluster that was looked at, not one that took its name since', async () => {
  await using at = await lab();
  const { requests } = await planOf(at, deleteTkcCluster, await idle(at));
  expect(requests[0]).toMatch(/"preconditions":\{"uid":"[0-9a-f-]{36}"\}/);
});
