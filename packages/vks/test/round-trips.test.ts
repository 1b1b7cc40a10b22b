import { expect, test, vi } from 'vitest';
import { getTkcCluster } from '../src/tools/tkc/get-tkc-cluster.js';
import { listTkcClusters } from '../src/tools/tkc/list-tkc-clusters.js';
import { read } from './answer.js';
import { lab } from './lab.js';

test('500 clusters on 5 Supervisors are listed with two requests to each, and from then on with one', async () => {
  await using at = await lab({ seed: 'large' });
  const perSupervisor = (from: number) => {
    const seen = at.sim.kubeRequests
      .slice(from)
      .filter(({ method }) => !method.startsWith('POST /wcp/'));
    return seen.map(({ method }) => method);
  };
  const first = await read(at, listTkcClusters, { limit: 50 });
  expect(first).toMatchObject({ total: 500, returned: 50, truncated: true, unseen: [] });
  // Which versions there are, and the list.
  expect(perSupervisor(0)).toHaveLength(10);
  expect(at.sim.logins()).toBe(5);

  const before = at.sim.kubeRequests.length;
  const next = await read(at, listTkcClusters, { cursor: first.next_cursor ?? '', limit: 450 });
  expect(next.items).toHaveLength(450);
  expect(perSupervisor(before)).toEqual(
    Array(5).fill('GET /apis/cluster.x-k8s.io/v1beta2/clusters'),
  );
  expect(at.sim.logins()).toBe(5);
});

test('they are read in parallel: no Supervisor waits for another', async () => {
  await using at = await lab({ seed: 'large' });
  const method = 'GET /apis/cluster.x-k8s.io/v1beta2/clusters';
  // None answers: one after another only the first would ever be asked.
  at.sim.kubeFaults.add({ match: { method }, times: 5, then: 'hang' });
  const stop = new AbortController();
  const call = at.call(listTkcClusters, {}, { signal: stop.signal });
  await vi.waitFor(
    () => expect(at.sim.kubeRequests.filter((one) => one.method === method)).toHaveLength(5),
    10_000,
  );
  stop.abort();
  expect(await call).not.toMatchObject({ status: 'done' });
});

test('a second call on the same namespace discovers nothing and logs in to nothing', async () => {
  await using at = await lab();
  await read(at, getTkcCluster, { name: 'web', namespace: 'dev' });
  const before = at.sim.kubeRequests.length;
  await read(at, getTkcCluster, { name: 'web', namespace: 'dev' });
  expect(at.sim.kubeRequests.slice(before).map(({ method }) => method)).toEqual([
    'GET /apis/cluster.x-k8s.io/v1beta2/namespaces/{}/clusters/{}',
  ]);
});
