import { describe as surfaceOf } from '@vmware/policy/docs';
import type { FaultRule, VksSimulation } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { goAhead } from '../../../test/kit/every-id.js';
import {
  lookAtAnswers,
  lookAtErrors,
  neverTainted,
  nothingSeen,
  type TaintedLab,
  taintDeep,
  tainted,
} from '../../../test/kit/every-leaf.js';
import type { KubeObject } from '../../simulators/src/kube/object.js';
import { listTkcClusters } from '../src/tools/tkc/list-tkc-clusters.js';
import { vks } from '../src/toolset.js';
import { type AnyTool, changing, inputFor } from './changes.js';
import { lab } from './lab.js';
import { readInputs, reading } from './reads.js';

/** Fields in which vCenter takes or tells any text. Namespaces, clusters and pools have the names of DNS labels. */
const freeAtVcenter = new Set(['name', 'description', 'messages', 'url', 'version', 'versions']);
/** Fields of Kubernetes objects in which whoever writes them puts any text. */
const freeInKubernetes = new Set([
  ...['message', 'displayName', 'description', 'osImage', 'kernelVersion'],
  ...['containerRuntimeVersion', 'kubeProxyVersion', 'failureMessage', 'note'],
]);

const somebody = { subject_type: 'USER', domain: 'vsphere.local', role: 'VIEW' } as const;

/** A cluster with one more variable, whose value is any JSON. */
function withVariable(object: KubeObject): KubeObject {
  const spec = object['spec'] as { topology?: { variables?: unknown[] } } | undefined;
  if (object.kind !== 'Cluster' || !spec?.topology) return object;
  const variables = [...(spec.topology.variables ?? []), { name: 'motd', value: tainted('Hello') }];
  return { ...object, spec: { ...spec, topology: { ...spec.topology, variables } } };
}

/** Taints what vCenter and its Supervisors tell. */
function taint(
  { world, supervisors }: VksSimulation,
  more: (object: KubeObject) => KubeObject,
): void {
  for (const map of [
    world.storagePolicies,
    world.libraries,
    world.vmClasses,
    world.services,
    world.registries,
  ])
    for (const [id, value] of map as Map<string, unknown>)
      (map as Map<string, unknown>).set(
        id,
        taintDeep(value, (name) => freeAtVcenter.has(name)),
      );
  for (const [id, name] of world.clusterNames as Map<string, string>)
    (world.clusterNames as Map<string, string>).set(id, tainted(name));
  for (const supervisor of world.supervisors.values())
    Object.assign(supervisor, { name: tainted(supervisor.name), messages: [tainted('It hangs.')] });
  for (const namespace of world.namespaces.values())
    Object.assign(namespace, {
      accessList: [...namespace.accessList, { ...somebody, subject: tainted('mallory') }],
      description: tainted('Of a team'),
      messages: [tainted('It hangs.')],
    });
  for (const { world: inside } of supervisors)
    for (const kind of inside.kinds.all)
      for (const object of inside.store.list(kind))
        inside.store.replace(
          kind,
          taintDeep(more(object), (name) => freeInKubernetes.has(name)) as KubeObject,
        );
}

type Then = NonNullable<FaultRule['then']>;

const said = tainted('It broke');
/** Both of a vCenter and of a Supervisor, which each read their part. */
const body = JSON.stringify({
  ...{ error_type: 'ERROR', messages: [{ default_message: said, args: [said], id: said }] },
  ...{ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: said, message: said },
  details: { name: said, kind: said, causes: [{ field: said, message: said, reason: said }] },
});
const headers = { 'content-type': 'application/json' };
const failures: readonly Then[] = [400, 403].map((status) => ({ status, headers, body }));

async function open(tool: AnyTool, then?: Then): Promise<TaintedLab> {
  const at = await lab();
  at.rules(goAhead);
  const input = changing.includes(tool)
    ? await inputFor(tool, at)
    : (readInputs()[tool.name] ?? {});
  const ids = new Map(
    [
      ...at.sim.world.storagePolicies.values(),
      ...at.sim.world.libraries.values(),
      ...at.sim.world.supervisors.values(),
    ].map(({ name, id }) => [name, id]),
  );
  // No class knows the variable, so nothing but a look at the cluster gets on with it.
  taint(at.sim, tool.name === 'get_tkc_cluster' ? withVariable : (object) => object);
  await at.call(listTkcClusters, {});
  const rule = { times: Number.POSITIVE_INFINITY, ...(then && { then }) };
  if (then) at.sim.vcenter.faults.add(rule);
  if (then) at.sim.kubeFaults.add(rule);
  return {
    surface: surfaceOf(vks),
    governed: at.governed,
    input: Object.fromEntries(
      Object.entries(input).map(([name, value]) => [name, byId(value, ids, name)]),
    ),
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  };
}

/** The same input with ids where it has names that are tainted now. */
function byId(value: unknown, ids: ReadonlyMap<string, string>, name: string): unknown {
  if (typeof value === 'string')
    return name === 'storage_class' ? value : (ids.get(value) ?? value);
  return Array.isArray(value) ? value.map((item) => byId(item, ids, name)) : value;
}

/** Text fields of outputs into which nobody can write at the simulated vCenter and its Supervisors, by the reason why. */
const notFree: Readonly<Record<string, readonly string[]>> = {
  'one of the words of the API, or of ours': [
    ...['access.[].role', 'conditions.[].status', 'config_status', 'items.[].config_status'],
    ...['items.[].boot_order.[].members.[].kind', 'items.[].network_kind', 'items.[].phase'],
    ...['items.[].state', 'items.[].status', 'kubernetes_status', 'network_provider', 'phase'],
    ...['networks.[].what', 'pools.[].phase', 'registries.[].status', 'role', 'state', 'status'],
    ...['quotas.[].resource', 'wcp_clusters.[].status'],
  ],
  'a word that the API server holds to a pattern': ['conditions.[].reason', 'conditions.[].type'],
  'the name of a Kubernetes object, a DNS label': [
    ...['cluster', 'cluster_class', 'items.[].boot_order.[].members.[].name', 'items.[].class'],
    ...['items.[].cluster', 'items.[].cluster_class', 'items.[].id', 'items.[].namespace'],
    ...['items.[].network_name', 'items.[].storage_class', 'items.[].vm_class', 'items.[].vm_name'],
    ...['certificates.[].machine', 'items.[].workers.[]', 'namespace', 'nodes.[].name', 'pool'],
    ...['pools.[].class', 'pools.[].name', 'pools.[].storage_class', 'pools.[].vm_class'],
    ...['quotas.[].quota', 'variables.[].name', 'versions.[].name', 'vm_classes.[]', 'vm_name'],
    ...['items.[].required_variables.[]', 'items.[].variables.[]', 'path.[].release', 'zones.[]'],
  ],
  'the id of an object of vCenter': [
    ...['cluster_id', 'clusters.[]', 'content_libraries.[]', 'items.[].policy', 'items.[].service'],
    ...[
      'registries.[].cluster',
      'registries.[].id',
      'storage.[].policy',
      'wcp_clusters.[].cluster',
    ],
    ...['storage_policies.[].policy', 'wcp_clusters.[].supervisor'],
  ],
  'an address, a quantity, a time or a version: held to its form': [
    ...['api_server_cluster_endpoint', 'certificates.[].expires_at', 'created_at', 'endpoint'],
    ...['current_version', 'items.[].capacity', 'items.[].created', 'items.[].current_version'],
    ...['items.[].desired_version', 'items.[].ip_addresses.[]', 'items.[].k8s_version'],
    ...['items.[].network_api_version', 'items.[].requested', 'k8s_version', 'kubernetes_version'],
    ...['min_required_version', 'networks.[].cidr', 'new_version', 'nodes.[].version'],
    ...['path.[].version', 'quotas.[].hard', 'quotas.[].used', 'served_version', 'target_version'],
    ...['vcenter_build', 'vcenter_version', 'versions.[].os_images.[]', 'versions.[].version'],
  ],
  'made by us of what the call named': ['changes.[]', 'hint', 'message', 'next', 'subject'],
};

test('whatever vCenter and Supervisors say, nothing hostile comes out of any tool, and every field that they can write to is cleaned', async () => {
  const seen = nothingSeen();
  for (const tool of [...reading, ...changing])
    await lookAtAnswers(seen, tool.name, () => open(tool));
  expect(seen.wrong).toEqual([]);
  expect(seen.tags).toBeGreaterThan(500);
  expect(neverTainted(seen)).toEqual(Object.values(notFree).flat().sort());
}, 300_000);

test('whatever vCenter or a Supervisor says to a call that goes wrong, nothing hostile comes out of any tool', async () => {
  const seen = nothingSeen();
  for (const tool of [...reading, ...changing])
    for (const then of failures) await lookAtErrors(seen, tool.name, () => open(tool, then));
  expect(seen.wrong).toEqual([]);
  expect(seen.tags).toBeGreaterThan(200);
}, 300_000);
