import { expect, test } from 'vitest';
import { enter, management, root, said, supervisorA, WcpWire } from './wcp-wire.js';
import { Wire } from './wire.js';

test('a Supervisor shows by its id with its zones, and on each of its clusters', async () => {
  await using there = await enter({
    supervisors: [{ name: 'wide', zones: ['zone-1', 'zone-2', 'zone-3'] }],
  });
  const { wire } = there;
  const { json } = await wire.get(`${management}/supervisors/summaries`);
  expect(json.items).toMatchObject([
    { supervisor: supervisorA, info: { name: 'wide', config_status: 'RUNNING' } },
  ]);
  expect((await wire.get(`${management}/supervisors/${supervisorA}/topology`)).json).toEqual([
    { zone: 'zone-1', clusters: ['domain-c8'] },
    { zone: 'zone-2', clusters: ['domain-c9'] },
    { zone: 'zone-3', clusters: ['domain-c10'] },
  ]);
  const clusters = (await wire.get(`${management}/clusters`)).json;
  expect(clusters.map((each: { cluster: string }) => each.cluster)).toEqual([
    'domain-c8',
    'domain-c9',
    'domain-c10',
  ]);
  expect((await wire.get(`${management}/clusters/domain-c10/topology`)).json).toBe(supervisorA);
  expect((await wire.get(`${management}/clusters/domain-c11/topology`)).status).toBe(404);
  const [, type] = said(await wire.get(`${management}/clusters/domain-c11`));
  expect(type).toBe('UNSUPPORTED');
  // The clusters of both APIs are the same objects.
  const names = there.vcenter.inventory.all('cluster').map(({ id, name }) => [id, name]);
  expect(
    clusters.map((each: Record<string, string>) => [each['cluster'], each['cluster_name']]),
  ).toEqual(names.slice(0, 3));
});

test('one that is still being configured has no address, says why, and takes no namespace', async () => {
  await using there = await enter({
    supervisors: [{ name: 'ready' }, { name: 'fresh', configStatus: 'CONFIGURING' }],
    namespaces: [],
  });
  const { wire } = there;
  const filtered = `${management}/supervisors/summaries?config_status=CONFIGURING`;
  const { items } = (await wire.get(filtered)).json;
  expect(items).toMatchObject([{ info: { name: 'fresh', kubernetes_status: 'WARNING' } }]);
  const fresh = items[0].supervisor;
  expect((await wire.get(`${management}/clusters/domain-c9`)).json).toMatchObject({
    api_server_cluster_endpoint: '',
    messages: [{ details: { default_message: 'Waiting for the control plane machines.' } }],
  });
  const conditions = (await wire.get(`${management}/supervisors/${fresh}/conditions`)).json;
  expect(new Set(conditions.map((each: { status: string }) => each.status))).toEqual(
    new Set(['FALSE']),
  );
  const answer = await wire.send('POST', `${root}/v2`, { namespace: 'new', supervisor: fresh });
  expect(said(answer).slice(0, 2)).toEqual([400, 'NOT_ALLOWED_IN_CURRENT_STATE']);
  expect((await wire.get(`${management}/software/clusters/domain-c9`)).json.state).toBe('PENDING');
});

test('with Workload Management off there is no Supervisor, and every list is empty', async () => {
  await using there = await enter({ supervisors: 0 });
  const { wire } = there;
  expect(there.world.workloadManagement).toBe(false);
  expect((await wire.get(`${management}/supervisors/summaries`)).json).toEqual({ items: [] });
  for (const path of [`${management}/clusters`, root, `${root}/v2`])
    expect((await wire.get(path)).json).toEqual([]);
  expect((await wire.get('/api/content/library')).json).toHaveLength(2);
});

test('a vCenter 7.0 knows clusters and no Supervisors', async () => {
  await using there = await enter({ version: '7.0.3' });
  const { wire } = there;
  expect((await wire.get(`${management}/clusters`)).json).toHaveLength(2);
  expect((await wire.get(`${management}/supervisors/summaries`)).status).toBe(404);
  const soap = await new Wire(there.vcenter).call(
    'RetrieveServiceContent',
    'ServiceInstance:ServiceInstance',
  );
  expect(soap.body).toContain('<version>7.0.3</version>');
  // There, it is the namespace of that name.
  expect(said(await wire.get(`${root}/v2`))[2]).toBe("Namespace 'v2' was not found.");
  const info = (await wire.get(`${root}/dev`)).json;
  expect(info).not.toHaveProperty('content_libraries');
  expect(info.vm_service_spec.content_libraries).toHaveLength(2);
  const spec = { content_libraries: [] };
  expect(said(await wire.send('PATCH', `${root}/dev`, spec))[2]).toBe(
    "Unexpected field 'content_libraries'.",
  );
});

test('a vCenter 9 says more, and takes more', async () => {
  await using there = await enter({
    version: '9.0.0',
    supervisors: [
      { name: 'wide', zones: ['zone-1', 'zone-2'], services: ['tkg.vsphere.vmware.com'] },
    ],
    namespaces: [],
  });
  const { wire } = there;
  const spec = { namespace: 'new', supervisor: supervisorA, zones: [{ name: 'zone-2' }] };
  expect((await wire.send('POST', `${root}/v2`, spec)).status).toBe(204);
  expect((await wire.get(`${root}/v2/new`)).json).toMatchObject({
    zones: [{ zone: 'zone-2', marked_for_removal: false }],
    network_spec: { network_provider: 'NSXT_CONTAINER_PLUGIN' },
  });
  const wrong = { ...spec, namespace: 'other', zones: [{ name: 'zone-9' }] };
  expect(said(await wire.send('POST', `${root}/v2`, wrong))[2]).toContain("no zone 'zone-9'");
  const installed = `${management}/supervisors/${supervisorA}/supervisor-services`;
  expect((await wire.get(installed)).json.supervisor_services).toMatchObject([
    { supervisor_service: 'tkg.vsphere.vmware.com', config_status: 'CONFIGURED' },
  ]);
  expect((await wire.get(`${installed}/tkg.vsphere.vmware.com`)).json).toMatchObject({
    display_name: 'vSphere Kubernetes Service',
  });
  expect((await wire.get(`${installed}/contour.tanzu.vmware.com`)).status).toBe(404);
});

test('what is installed of services is told by cluster before vCenter 9', async () => {
  await using there = await enter();
  const { wire } = there;
  const [tkg] = (await wire.get(`${management}/clusters/domain-c9/supervisor-services`)).json;
  expect(tkg).toMatchObject({ supervisor_service: 'tkg.vsphere.vmware.com' });
  expect(
    (await wire.get(`${management}/supervisors/${supervisorA}/supervisor-services`)).status,
  ).toBe(404);
  const versions = `${management}/supervisor-services/tkg.vsphere.vmware.com/versions`;
  expect((await wire.get(versions)).json.map((each: { version: string }) => each.version)).toEqual([
    '3.2.0',
    '3.3.0',
  ]);
});

test('VM classes tell their GPUs and who has them', async () => {
  await using there = await enter();
  there.world.vmClasses.set('gpu', {
    id: 'gpu',
    cpus: 8,
    memoryMb: 65_536,
    reserved: 100,
    description: 'For models',
    vgpuProfiles: ['grid_a100-40c'],
  });
  const classes = `${management}/virtual-machine-classes`;
  expect((await there.wire.get(`${classes}/gpu`)).json).toMatchObject({
    memory_MB: 65_536,
    devices: { vgpu_devices: [{ profile_name: 'grid_a100-40c' }] },
    namespaces: [],
  });
  expect((await there.wire.get(`${classes}/best-effort-small`)).json.namespaces).toEqual([
    'dev',
    'edge',
  ]);
  expect((await there.wire.get(`${classes}/none`)).status).toBe(404);
});

test('five Supervisors with fifty namespaces are there at once', async () => {
  await using there = await enter({ seed: 'large' });
  const namespaces = (await there.wire.get(`${root}/v2`)).json;
  expect(namespaces).toHaveLength(50);
  expect(new Set(namespaces.map((each: { supervisor: string }) => each.supervisor)).size).toBe(5);
});

test('an answer that the API does not have is a defect of the simulator, and says so', async () => {
  await using there = await enter();
  there.world.vmClasses.set('odd', {
    id: 'odd',
    cpus: 1.5,
    memoryMb: 1,
    reserved: 0,
    description: '',
  });
  const answer = await new WcpWire(there).login('administrator@vsphere.local');
  expect(answer.status).toBe(201);
  expect(said(await there.wire.get(`${management}/virtual-machine-classes`))).toEqual([
    500,
    'INTERNAL_SERVER_ERROR',
    expect.stringContaining("Field '[8].cpu_count' is a whole number"),
  ]);
});
