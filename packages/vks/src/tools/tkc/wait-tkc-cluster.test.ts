import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '@vmware/policy';
import { expect, test } from 'vitest';
import { change, outputOf, problemOf, read } from '../../../test/answer.js';
import { inputs } from '../../../test/changes.js';
import { type Lab, lab } from '../../../test/lab.js';
import { createTkcCluster } from './create-tkc-cluster.js';
import { deleteTkcCluster } from './delete-tkc-cluster.js';
import { waitTkcCluster } from './wait-tkc-cluster.js';

const wanted = {
  namespace: 'dev',
  k8s_version: 'v1.32',
  vm_class: 'best-effort-medium',
  storage_class: 'gold',
};

/** Lets the simulation’s time go on until what is waited for is there. */
async function meanwhile<T>(at: Lab, work: Promise<T>): Promise<T> {
  let done = false;
  const end = work.finally(() => {
    done = true;
  });
  while (!done) {
    await at.advance(5_000);
    await sleep(5);
  }
  return end;
}

test('it waits until a new cluster is available, and tells how far it is', async () => {
  await using at = await lab();
  await change(at, createTkcCluster, { ...wanted, name: 'new' });
  const steps: Progress[] = [];
  const outcome = await meanwhile(
    at,
    at.call(
      waitTkcCluster,
      { name: 'new', namespace: 'dev' },
      { progress: (step) => steps.push(step) },
    ),
  );
  expect(outputOf(waitTkcCluster, outcome)).toMatchObject({
    state: 'available',
    phase: 'Provisioned',
    machines_ready: 4,
    machines_wanted: 4,
  });
  expect(steps.length).toBeGreaterThan(2);
  expect(steps.some(({ message }) => /Provisioning: .*machines ready/.test(message ?? ''))).toBe(
    true,
  );
});

test('a cluster that is well already is not waited for', async () => {
  await using at = await lab();
  expect(await read(at, waitTkcCluster, { name: 'web', namespace: 'dev' })).toMatchObject({
    state: 'available',
  });
});

test('it waits until a cluster is gone', async () => {
  await using at = await lab();
  const input = inputs['delete_tkc_cluster'];
  const idle = (typeof input === 'function' ? await input(at) : input) as {
    name: string;
    namespace: string;
  };
  await change(at, deleteTkcCluster, idle);
  expect(
    outputOf(
      waitTkcCluster,
      await meanwhile(at, at.call(waitTkcCluster, { ...idle, for: 'deleted' })),
    ),
  ).toMatchObject({
    state: 'deleted',
    phase: null,
  });
});

test('what is not there is gone, and does not become available', async () => {
  await using at = await lab();
  expect(
    await read(at, waitTkcCluster, { name: 'no', namespace: 'dev', for: 'deleted' }),
  ).toMatchObject({ state: 'deleted' });
  expect(await problemOf(at, waitTkcCluster, { name: 'no', namespace: 'dev' })).toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('when the time is over it says what was still open', async () => {
  await using at = await lab();
  await at.sim.supervisors[0]?.addCluster({
    namespace: 'dev',
    name: 'stuck',
    version: 'v1.31.4',
    pools: [],
    stuck: 'network',
  });
  expect(
    await problemOf(at, waitTkcCluster, { name: 'stuck', namespace: 'dev', timeout_seconds: 1 }),
  ).toMatchObject({
    code: 'TIMEOUT',
    message: expect.stringContaining('is not available'),
    remedy: expect.stringContaining('vmware-vks tkc health stuck -n dev'),
  });
});
