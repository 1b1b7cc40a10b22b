import { withoutRelease } from '@vmware/clients/kube';
import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { upgradable } from '../../../test/changes.js';
import { changesAt, lab } from '../../../test/lab.js';
import { usableVersions } from '../../../test/versions.js';
import { planTkcUpgrade } from './plan-tkc-upgrade.js';

test('the path to the newest release goes through every minor version, and nothing is changed', async () => {
  await using at = await lab();
  const { name, namespace } = await upgradable(at);
  const plan = await read(at, planTkcUpgrade, { name, namespace });
  expect(plan).toMatchObject({
    blockers: [],
    ready: true,
    target_version: (await usableVersions(at)).at(-1),
  });
  expect(plan.path).toHaveLength(2);
  expect(plan.next).toBe(
    `vmware-vks tkc upgrade ${name} -n ${namespace} --version ${plan.path[0]?.version}`,
  );
  expect(changesAt(at.sim)).toEqual([]);
});

test('what keeps a cluster from being upgraded is told', async () => {
  await using at = await lab();
  const [oldest = ''] = await usableVersions(at);
  await at.sim.supervisors[0]?.addCluster({
    namespace: 'dev',
    name: 'stuck',
    version: oldest,
    pools: [{ name: 'workers', replicas: 2 }],
    stuck: 'image',
  });
  const plan = await read(at, planTkcUpgrade, { name: 'stuck', namespace: 'dev' });
  expect(plan.ready).toBe(false);
  expect(plan.next).toBeNull();
  expect(plan.blockers.length).toBeGreaterThan(0);
});

test('a cluster of the newest release has nothing before it', async () => {
  await using at = await lab();
  const newest = (await usableVersions(at)).at(-1) ?? '';
  await at.sim.supervisors[0]?.addCluster({
    namespace: 'dev',
    name: 'fresh',
    version: newest,
    pools: [],
  });
  expect(await read(at, planTkcUpgrade, { name: 'fresh', namespace: 'dev' })).toMatchObject({
    path: [],
    blockers: [],
    ready: false,
    hint: `It is ${withoutRelease(newest)} already.`,
  });
});
