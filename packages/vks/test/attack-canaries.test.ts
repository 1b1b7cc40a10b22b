import { describe as surfaceOf } from '@vmware/policy/docs';
import type { FaultRule } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { type Leaky, leaksOfAll } from '../../../test/kit/leaks.js';
import { listNamespaces } from '../src/tools/namespace/list-namespaces.js';
import { updateNamespace } from '../src/tools/namespace/update-namespace.js';
import { listTkcClusters } from '../src/tools/tkc/list-tkc-clusters.js';
import { scaleTkcCluster } from '../src/tools/tkc/scale-tkc-cluster.js';
import { vks } from '../src/toolset.js';
import { inputs } from './changes.js';
import { lab } from './lab.js';

type Then = NonNullable<FaultRule['then']>;

/** vCenter and Kubernetes say back what they were shown, each in its own form. */
const echo =
  (status: number) =>
  (said: string): Then => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      error_type: 'ERROR',
      messages: [{ default_message: said, args: [said], id: said }],
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code: status,
      reason: 'InternalError',
      message: said,
      details: { causes: [{ field: 'x', message: said }] },
    }),
  });

/** How both behave while they are read and changed. */
const paths: Readonly<Record<string, ((said: string) => Then) | undefined>> = {
  success: undefined,
  'HTTP 401': echo(401),
  'HTTP 403': echo(403),
  'HTTP 404': echo(404),
  'HTTP 500': echo(500),
  'a page of a proxy': (said) => ({ status: 502, body: `<html>${said}</html>` }),
  timeout: () => 'hang',
};

async function open(password: string, then: Then | undefined): Promise<Leaky> {
  const user = { username: 'agent@vsphere.local', password };
  const at = await lab({ users: [user] });
  return {
    surface: surfaceOf(vks),
    home: at.home,
    async outcomes() {
      const at_vcenter = inputs['update_namespace'] as never;
      const at_supervisor = inputs['scale_tkc_cluster'] as never;
      const previews = [
        await at.call(updateNamespace, at_vcenter),
        await at.call(scaleTkcCluster, at_supervisor),
      ] as const;
      const rule = { times: Number.POSITIVE_INFINITY, ...(then && { then }) };
      if (then) at.sim.vcenter.faults.add(rule);
      if (then) at.sim.kubeFaults.add(rule);
      const how = { timeout: 150 };
      return [
        ['list_namespaces', await at.call(listNamespaces, {}, how)],
        ['list_tkc_clusters', await at.call(listTkcClusters, {}, how)],
        ['update_namespace', await at.agree(updateNamespace, at_vcenter, previews[0], how)],
        ['scale_tkc_cluster', await at.agree(scaleTkcCluster, at_supervisor, previews[1], how)],
      ];
    },
    sessions: () => at.sim.vcenter.requests.flatMap(({ session }) => session ?? []),
    async [Symbol.asyncDispose]() {
      at.sim.vcenter.faults.clear();
      at.sim.kubeFaults.clear();
      await at[Symbol.asyncDispose]();
    },
  };
}

for (const [path, then] of Object.entries(paths))
  test(`no password, session or token is told or kept: ${path}`, async () => {
    const labs = path === 'timeout' ? 40 : 6;
    expect(await leaksOfAll((password, said) => open(password, then?.(said)), labs)).toEqual([]);
  }, 120_000);
