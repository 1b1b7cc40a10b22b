import { expect, test } from 'vitest';
import { hit, simulateNsx } from '../src/index.js';
import { groups, NsxWire, policies } from './nsx-wire.js';

async function lab() {
  const nsx = await simulateNsx({ traceMilliseconds: 1000, realizeMilliseconds: 0 });
  const wire = await NsxWire.enter(nsx);
  const idOf = (name: string) =>
    nsx.world.fabric.vms().find(({ display_name }) => display_name === name)?.external_id ?? '';
  const tagsOf = async (id: string) =>
    (await wire.get(`/api/v1/fabric/virtual-machines?external_id=${id}`)).json.results[0].tags;
  return { nsx, wire, idOf, tagsOf };
}

const vms = '/api/v1/fabric/virtual-machines';

test('tags of a machine are added, removed and replaced, and its groups follow', async () => {
  const { nsx, wire, idOf, tagsOf } = await lab();
  await using _ = nsx;
  const external_id = idOf('scratch-01');
  const change = (action: string, tags: object[]) =>
    wire.post(`${vms}?action=${action}`, { external_id, tags });
  expect(await tagsOf(external_id)).toBeUndefined();
  const added = await change('add_tags', [{ scope: 'tier', tag: 'web' }, { tag: 'plain' }]);
  expect([added.status, added.text]).toEqual([204, '']);
  const members = await wire.get(`${groups}/web-servers/members/virtual-machines`);
  expect(members.json.results.map(({ id }: { id: string }) => id)).toContain(external_id);
  expect(members.json.results[0].external_id).toBeUndefined();
  await change('remove_tags', [{ scope: 'tier', tag: 'web' }]);
  expect(await tagsOf(external_id)).toEqual([{ scope: '', tag: 'plain' }]);
  await change('update_tags', [{ scope: 'a', tag: 'b' }]);
  expect(await tagsOf(external_id)).toEqual([{ scope: 'a', tag: 'b' }]);
  await change('update_tags', []);
  expect(await tagsOf(external_id)).toBeUndefined();
});

test('a tag change that cannot be is refused: no such machine, too long, too many, nothing to say', async () => {
  const { nsx, wire, idOf, tagsOf } = await lab();
  await using _ = nsx;
  const external_id = idOf('scratch-01');
  const statuses: number[] = [];
  for (const body of [
    { external_id: 'nobody', tags: [{ scope: 'a', tag: 'b' }] },
    { external_id, tags: [{ scope: 's'.repeat(129), tag: 'b' }] },
    { external_id, tags: [{ scope: 's', tag: 't'.repeat(257) }] },
    { external_id, tags: [{}] },
    { external_id },
    { tags: [] },
    { external_id, tags: Array.from({ length: 31 }, (_, at) => ({ scope: 's', tag: `${at}` })) },
  ])
    statuses.push((await wire.post(`${vms}?action=add_tags`, body)).status);
  expect(statuses).toEqual([404, 400, 400, 400, 400, 400, 400]);
  expect((await wire.post(`${vms}?action=set_tags`, { external_id, tags: [] })).status).toBe(404);
  expect(await tagsOf(external_id)).toBeUndefined();
});

test('a bulk operation tags many machines and says how it went for each', async () => {
  const nsx = await simulateNsx({ realizeMilliseconds: 5_000 });
  await using _ = nsx;
  const wire = await NsxWire.enter(nsx);
  const [one, two] = nsx.world.fabric.vms().map(({ external_id }) => external_id);
  const path = '/infra/tags/tag-operations/bulk';
  const tag = { scope: 'owner', tag: 'ops' };
  const apply_to = [{ resource_type: 'VirtualMachine', resource_ids: [one, two] }];
  expect((await wire.put(path, { tag, apply_to })).status).toBe(200);
  expect((await wire.get(`${path}/status`)).json.status).toBe('Running');
  nsx.clock.advance(5_000);
  expect((await wire.get(`${path}/status`)).json).toMatchObject({
    status: 'Success',
    apply_to: [{ resource_tag_status: [{ tag_status: 'Success' }, { tag_status: 'Success' }] }],
  });
  const counted = (await wire.get('/infra/tags?scope=owner&tag=ops')).json.results;
  expect(counted).toEqual([{ ...tag, tagged_objects_count: 2 }]);
  const bad = [{ resource_type: 'VirtualMachine', resource_ids: ['nobody'] }];
  await wire.put('/infra/tags/tag-operations/bad', { tag, apply_to: bad, remove_from: apply_to });
  nsx.clock.advance(5_000);
  expect((await wire.get('/infra/tags/tag-operations/bad/status')).json.status).toBe('Error');
  expect((await wire.get('/infra/tags?scope=owner')).json.results).toEqual([]);
});

test('a traceflow runs, finishes and tells what decided; its rule has one hit more', async () => {
  const { nsx, wire, idOf } = await lab();
  await using _ = nsx;
  const vif = (await wire.get(`/api/v1/fabric/vifs?owner_vm_id=${idOf('web-01')}`)).json.results[0];
  const ports = (await wire.get('/infra/segments/seg-web/ports')).json.results;
  const port = ports.find(
    ({ attachment }: { attachment: { id: string } }) => attachment.id === vif.lport_attachment_id,
  );
  const path = '/infra/traceflows/t';
  const packet = {
    resource_type: 'FieldsPacketData',
    transport_type: 'UNICAST',
    routed: true,
    ip_header: { src_ip: '10.10.1.11', dst_ip: '10.10.3.11', protocol: 6, ttl: 64 },
    transport_header: { tcp_header: { src_port: 1234, dst_port: 3306, tcp_flags: 2 } },
  };
  expect((await wire.put(path, { segment_port_path: port.path })).status).toBe(400);
  expect((await wire.put(path, { packet })).status).toBe(400);
  const made = await wire.put(path, { segment_port_path: port.path, packet });
  expect(made.json).toMatchObject({ id: 't', is_transient: true, timeout: 10 });
  expect((await wire.get(`${path}/status`)).json.operation_state).toBe('IN_PROGRESS');
  expect((await wire.get(`${path}/observations`)).json.results).toEqual([]);
  nsx.clock.advance(1000);
  expect((await wire.get(`${path}/status`)).json).toMatchObject({
    operation_state: 'FINISHED',
    request_status: 'SUCCESS',
  });
  const { results } = (await wire.get(`${path}/observations`)).json;
  const dropped = results.at(-1);
  expect(dropped).toMatchObject({ reason: 'FW_RULE', acl_rule_path: expect.any(String) });
  const counted = await wire.get(`${dropped.acl_rule_path}/statistics`);
  expect(counted.json.results[0].statistics).toMatchObject({
    hit_count: 1,
    rule: dropped.acl_rule_path,
  });
  const change = nsx.requests.filter(({ method }) => method.includes('traceflows'));
  expect(change.every(({ changes }) => !changes)).toBe(true);
  expect((await wire.delete(path)).status).toBe(204);
  expect((await wire.get(`${path}/status`)).status).toBe(404);
  await wire.put(path, { source_id: 'nobody', packet });
  nsx.clock.advance(3 * 3_600_000);
  const later = await NsxWire.enter(nsx);
  expect((await later.get(path)).status).toBe(404);
});

test('counters of rules are one level down, and are reset for the distributed firewall only', async () => {
  const { nsx, wire } = await lab();
  await using _ = nsx;
  hit(nsx.world, `${policies}/shop/rules/web-in`, 7);
  const hits = async () =>
    (await wire.get(`${policies}/shop/statistics`)).json.results[0].statistics.results.map(
      ({ hit_count }: { hit_count: number }) => hit_count,
    );
  expect(Math.max(...(await hits()))).toBe(7);
  const reset = (category: string) =>
    wire.post(`/infra/settings/firewall/stats?action=reset${category}`, undefined);
  expect((await reset('&category=EDGE')).status).toBe(204);
  expect(Math.max(...(await hits()))).toBe(7);
  expect((await reset('')).status).toBe(400);
  expect((await reset('&category=ALL')).status).toBe(400);
  expect((await reset('&category=DFW')).status).toBe(204);
  expect(Math.max(...(await hits()))).toBe(0);
});

test('settings are changed with their revision: the firewall, the exclude list, intrusion detection', async () => {
  const { nsx, wire } = await lab();
  await using _ = nsx;
  const security = '/infra/settings/firewall/security';
  const list = (await wire.get(`${security}/exclude-list`)).json;
  const system = (await wire.get(`${security}/exclude-list?system_owned=true`)).json;
  expect([list.members.length, system.members.length]).toEqual([1, 2]);
  const members = [...list.members, `${groups}/quarantine`];
  expect((await wire.put(`${security}/exclude-list`, { members })).status).toBe(412);
  expect((await wire.put(`${security}/exclude-list`, { ...list, members })).json.members).toEqual(
    members,
  );
  const wrong = { ...list, _revision: 1, members: [`${groups}/nobody`] };
  expect((await wire.put(`${security}/exclude-list`, wrong)).status).toBe(400);
  expect((await wire.delete(`${groups}/quarantine`)).json.error_code).toBe(500030);
  for (const [path, change] of [
    [security, { enable_firewall: false }],
    [`${security}/intrusion-services`, { auto_update: false }],
    [`${security}/intrusion-services/profiles/web-critical`, { profile_severity: ['LOW'] }],
  ] as const) {
    const before = (await wire.get(path)).json;
    expect((await wire.put(path, { ...before, ...change })).json).toMatchObject({
      ...change,
      _revision: 1,
    });
  }
  const permissions = '/aaa/effective-permissions?feature_name=policy_dfw&object_path=/infra';
  expect((await wire.get(permissions)).json.operation).toBe('crud');
});
