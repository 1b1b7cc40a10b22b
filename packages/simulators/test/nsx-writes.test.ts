import { expect, test } from 'vitest';
import { type NsxSimulation, type NsxUser, simulateNsx } from '../src/index.js';
import { groups, NsxWire, policies } from './nsx-wire.js';

async function lab(options: Parameters<typeof simulateNsx>[0] = {}) {
  const nsx = await simulateNsx(options);
  return { nsx, wire: await NsxWire.enter(nsx) };
}

const rule = (id: string, more: object = {}) => ({ id, action: 'ALLOW', ...more });
const count = (nsx: NsxSimulation) => [...nsx.world.objects.all()].length;

test('PUT makes an object without a revision and changes it only with the current one', async () => {
  const { nsx, wire } = await lab();
  await using _ = nsx;
  const made = await wire.put(`${groups}/x`, { display_name: 'X', description: 'first' });
  expect(made.json).toMatchObject({
    id: 'x',
    _revision: 0,
    _create_user: 'admin',
    resource_type: 'Group',
  });
  for (const body of [{ display_name: 'Y' }, { display_name: 'Y', _revision: 7 }]) {
    const { status, json } = await wire.put(`${groups}/x`, body);
    expect([status, json.httpStatus]).toEqual([412, 'PRECONDITION_FAILED']);
  }
  const second = await wire.put(`${groups}/x`, { display_name: 'Y', _revision: 0 });
  expect(second.json).toMatchObject({
    display_name: 'Y',
    _revision: 1,
    unique_id: made.json.unique_id,
  });
  expect(second.json.description).toBeUndefined();
  const absent = await wire.put(`${groups}/z`, { display_name: 'Z', _revision: 3 });
  expect([absent.status, absent.json.error_code]).toEqual([404, 500090]);
  for (const [staleStatus, code] of [
    [409, 604],
    [400, 500087],
  ] as const) {
    const other = await lab({ staleStatus });
    await using _other = other.nsx;
    const { status, json } = await other.wire.put(`${groups}/shop`, { display_name: 'Y' });
    expect([status, json.error_code]).toEqual([staleStatus, code]);
  }
});

test('PATCH answers nothing, ignores the revision, makes what is absent and resets what it leaves out', async () => {
  const { nsx, wire } = await lab();
  await using _ = nsx;
  const path = `${policies}/shop/rules/web-in`;
  const before = (await wire.get(path)).json;
  const answer = await wire.patch(path, { action: 'DROP', logged: true });
  expect([answer.status, answer.text]).toEqual([204, '']);
  const after = (await wire.get(path)).json;
  expect(after).toMatchObject({
    action: 'DROP',
    logged: true,
    destination_groups: ['ANY'],
    display_name: 'web-in',
    rule_id: before.rule_id,
    _revision: before._revision + 1,
  });
  await wire.patch(path, { disabled: true }, { headers: { 'nsx-enable-partial-patch': 'true' } });
  expect((await wire.get(path)).json).toMatchObject({
    action: 'DROP',
    logged: true,
    disabled: true,
  });
  expect((await wire.patch(`${groups}/new`, {})).status).toBe(204);
  expect((await wire.get(`${groups}/new`)).json._revision).toBe(0);
});

test('PUT of a policy replaces its rules, and removes them when it has none; PATCH merges them', async () => {
  const { nsx, wire } = await lab();
  await using _ = nsx;
  const path = `${policies}/p`;
  const ids = async () =>
    (await wire.get(`${path}/rules`)).json.results.map(({ id }: { id: string }) => id);
  const made = await wire.put(path, {
    rules: [rule('b', { sequence_number: 2 }), rule('a', { sequence_number: 1 })],
  });
  expect(made.json.rules.map(({ id }: { id: string }) => id)).toEqual(['a', 'b']);
  await wire.patch(path, { rules: [rule('c'), rule('a', { logged: true })] });
  expect(await ids()).toEqual(['a', 'b', 'c']);
  const { json } = await wire.get(path);
  const put = await wire.put(path, { ...json, rules: json.rules.slice(0, 2) });
  expect([put.status, await ids()]).toEqual([200, ['a', 'c']]);
  const stale = await wire.put(path, {
    ...put.json,
    rules: [{ ...json.rules.find(({ id }: { id: string }) => id === 'a'), _revision: 0 }],
  });
  expect([stale.status, (await ids()).length]).toEqual([412, 2]);
  const { rules: _rules, ...bare } = put.json;
  expect((await wire.put(path, bare)).status).toBe(200);
  expect(await ids()).toEqual([]);
});

test('one policy has its rules in it, a list has neither rules nor, unasked, their number', async () => {
  const { nsx, wire } = await lab();
  await using _ = nsx;
  expect((await wire.get(`${policies}/shop`)).json.rules.length).toBe(6);
  const [plain] = (await wire.get(policies)).json.results;
  expect([plain.rules, plain.rule_count]).toEqual([undefined, undefined]);
  const counted = (await wire.get(`${policies}?include_rule_count=true`)).json.results;
  expect(counted.find(({ id }: { id: string }) => id === 'shop').rule_count).toBe(6);
});

test('rules are numbered from 1000 and keep their number', async () => {
  const { nsx, wire } = await lab({ estate: 'empty' });
  await using _ = nsx;
  const first = await wire.put(`${policies}/p`, { rules: [rule('a'), rule('b')] });
  const [a, b] = first.json.rules;
  expect([a.rule_id, b.rule_id]).toEqual([1000, 1001]);
  await wire.put(`${policies}/p/rules/a`, { ...a, logged: true });
  await wire.delete(`${policies}/p/rules/b`);
  await wire.put(`${policies}/p/rules/c`, { action: 'DROP', rule_id: 5 });
  const numbers = (await wire.get(`${policies}/p/rules`)).json.results.map(
    ({ rule_id }: { rule_id: number }) => rule_id,
  );
  expect(numbers).toEqual([1000, 1002]);
});

test('what is in use, the system owns or is the default is not deleted', async () => {
  const { nsx, wire } = await lab();
  await using _ = nsx;
  const before = count(nsx);
  const used = await wire.delete(`${groups}/web-servers`);
  expect([used.status, used.json.error_code]).toEqual([400, 500030]);
  expect(
    used.json.related_errors.map((each: { error_message: string }) => each.error_message),
  ).toContain(`Referenced by ${policies}/shop/rules/web-in`);
  expect((await wire.delete('/infra/services/shop-app')).json.error_code).toBe(500030);
  for (const path of [
    `${policies}/default-layer3-section`,
    `${policies}/default-layer3-section/rules/default-layer3-rule`,
    `${groups}/edge-nodes`,
    '/infra/services/HTTPS',
  ])
    expect([path, (await wire.delete(path)).status]).toEqual([path, 400]);
  const https = (await wire.get('/infra/services/HTTPS')).json;
  expect((await wire.put('/infra/services/HTTPS', https)).status).toBe(400);
  expect(count(nsx)).toBe(before);
  expect((await wire.delete(`${groups}/empty-old`)).status).toBe(204);
  expect((await wire.get(`${groups}/empty-old`)).status).toBe(404);
  expect((await wire.delete(`${groups}/empty-old`)).status).toBe(404);
  expect((await wire.delete(`${policies}/shop`)).status).toBe(204);
  expect((await wire.get(`${policies}/shop/rules/web-in`)).status).toBe(404);
});

test('the default rule may be changed, as people do to close the firewall', async () => {
  const { nsx, wire } = await lab();
  await using _ = nsx;
  const path = `${policies}/default-layer3-section/rules/default-layer3-rule`;
  const { json } = await wire.get(path);
  expect((await wire.put(path, { ...json, action: 'DROP' })).json).toMatchObject({
    action: 'DROP',
    is_default: true,
    rule_id: json.rule_id,
  });
});

test('a locked policy changes only by who locked it; an enterprise admin may unlock it', async () => {
  const engineer: NsxUser = { username: 'ed', password: 'pass', role: 'security_engineer' };
  const root: NsxUser = { username: 'admin', password: 'pass', role: 'enterprise_admin' };
  await using both = await simulateNsx({ users: [root, engineer] });
  const [admin, ed] = [await NsxWire.enter(both), await NsxWire.enter(both, engineer)];
  const path = `${policies}/pci-locked`;
  const locked = (await admin.get(path)).json;
  const [first] = locked.rules;
  expect(locked.locked).toBe(true);
  for (const answer of [
    await admin.put(path, { ...locked, description: 'mine' }),
    await ed.put(path, { ...locked, locked: false }),
    await ed.delete(path),
    await ed.put(`${path}/rules/${first.id}`, { ...first, logged: true }),
    await ed.put(`${path}/rules/new`, { action: 'ALLOW' }),
  ]) {
    expect(answer.status).toBe(400);
    expect(answer.json.error_message).toContain('locked');
  }
  expect((await admin.put(path, { ...locked, locked: false })).status).toBe(200);
  const open = (await ed.get(path)).json;
  expect((await ed.put(path, { ...open, locked: true, comments: 'audit' })).json).toMatchObject({
    locked: true,
    lock_modified_by: 'ed',
  });
  expect((await ed.patch(`${path}/rules/new`, { action: 'ALLOW' })).status).toBe(204);
});

test('a protected object changes only with the header that insists', async () => {
  const path = `${groups}/guarded`;
  await using nsx = await simulateNsx({
    estate: [{ path, resource_type: 'Group', _protection: 'REQUIRE_OVERRIDE' }],
  });
  const wire = await NsxWire.enter(nsx);
  const { json } = await wire.get(path);
  expect((await wire.put(path, json)).status).toBe(403);
  expect((await wire.delete(path)).status).toBe(403);
  const headers = { 'x-allow-overwrite': 'true' };
  expect((await wire.put(path, json, { headers })).status).toBe(200);
  expect((await wire.delete(path, { headers })).status).toBe(204);
});

test('a change is realized, and a deleted object gone, when the clock says so', async () => {
  const { nsx, wire } = await lab({ realizeMilliseconds: 60_000 });
  await using _ = nsx;
  const path = `${groups}/slow`;
  const state = async () =>
    (await wire.get(`/infra/realized-state/status?intent_path=${path}`)).json;
  await wire.put(path, {});
  expect(await state()).toMatchObject({
    publish_status: 'UNREALIZED',
    consolidated_status: { consolidated_status: 'IN_PROGRESS' },
  });
  nsx.clock.advance(61_000);
  expect(await state()).toMatchObject({ publish_status: 'REALIZED' });
  await wire.delete(path);
  expect((await wire.get(path)).status).toBe(404);
  const query = '/search/query?query=id:slow%20AND%20resource_type:Group';
  expect((await wire.get(query)).json.results).toMatchObject([{ marked_for_delete: true }]);
  expect((await wire.get(`${groups}?include_mark_for_delete_objects=true`)).text).toContain(
    '"slow"',
  );
  const again = await wire.put(path, {});
  expect([again.status, again.json.error_code]).toEqual([400, 500045]);
  nsx.clock.advance(61_000);
  expect((await wire.get(query)).json.results).toEqual([]);
  expect((await wire.put(path, {})).status).toBe(200);
});

test('a project and a VPC have objects of their own, and see of the rest only what the system shares', async () => {
  const { nsx, wire } = await lab();
  await using _ = nsx;
  const project = '/orgs/default/projects/shop-project';
  const own = `${project}/infra/domains/default`;
  const made = await wire.put(`${own}/groups/g`, {});
  expect(made.json.path).toBe(`${own}/groups/g`);
  const body = (destination: string, service: string) =>
    rule('r', { destination_groups: [destination], services: [service] });
  const put = (place: string, ...of: [string, string]) =>
    wire.put(`${place}/security-policies/p`, { rules: [body(...of)] });
  expect((await put(own, `${groups}/web-servers`, 'ANY')).json.error_code).toBe(500012);
  expect((await put(own, `${own}/groups/g`, '/infra/services/shop-app')).status).toBe(400);
  expect((await put(own, `${own}/groups/g`, '/infra/services/HTTPS')).status).toBe(200);
  const vpc = `${project}/vpcs/shop-vpc`;
  expect((await put(vpc, `${vpc}/groups/backends`, 'ANY')).json.path).toBe(
    `${vpc}/security-policies/p`,
  );
  expect(
    (await wire.put(`${policies}/p`, { rules: [body(`${own}/groups/g`, 'ANY')] })).status,
  ).toBe(400);
  for (const missing of ['/orgs/default/projects/none/infra', `${project}/vpcs/none`])
    expect((await wire.put(`${missing}/domains/default/groups/x`, {})).status).toBe(404);
  expect((await wire.get('/infra/domains/other/groups')).status).toBe(404);
});

test('revising moves a policy or a rule before, after, to the top or the bottom, and renumbers as needed', async () => {
  const { nsx, wire } = await lab({ estate: 'empty' });
  await using _ = nsx;
  const path = `${policies}/p`;
  const rules = ['a', 'b', 'c'].map((id, at) => rule(id, { sequence_number: at + 1 }));
  await wire.put(path, { rules });
  const order = async () => {
    const all = (await wire.get(path)).json.rules as { id: string; sequence_number: number }[];
    expect(new Set(all.map((each) => each.sequence_number)).size).toBe(all.length);
    return all.map(({ id }) => id).join('');
  };
  const move = async (id: string, operation: string, anchor?: string) => {
    const { json } = await wire.get(`${path}/rules/${id}`);
    const to = anchor ? `&anchor_path=${path}/rules/${anchor}` : '';
    return wire.post(`${path}/rules/${id}?action=revise&operation=${operation}${to}`, json);
  };
  expect((await move('c', 'insert_before', 'a')).status).toBe(200);
  expect(await order()).toBe('cab');
  await move('c', 'insert_after', 'a');
  expect(await order()).toBe('acb');
  await move('b', 'insert_top');
  expect(await order()).toBe('bac');
  await move('b', 'insert_bottom');
  expect(await order()).toBe('acb');
  expect((await move('a', 'insert_after')).status).toBe(400);
  expect((await move('a', 'insert_after', 'zz')).status).toBe(400);
  expect((await move('a', 'sideways')).status).toBe(400);
  const stale = (await wire.get(`${path}/rules/a`)).json;
  await move('a', 'insert_bottom');
  const late = await wire.post(`${path}/rules/a?action=revise&operation=insert_top`, stale);
  expect([late.status, await order()]).toEqual([412, 'cba']);

  for (const id of ['x', 'y'])
    await wire.put(`${policies}/${id}`, { category: 'Emergency', sequence_number: 5 });
  const { json: y } = await wire.get(`${policies}/y`);
  const moved = await wire.post(
    `${policies}/y?action=revise&operation=insert_before&anchor_path=${policies}/x`,
    y,
  );
  const x = (await wire.get(`${policies}/x`)).json;
  expect(moved.json.sequence_number).toBeLessThan(x.sequence_number);
  expect((await wire.get(`${policies}/p`)).json.rules.length).toBe(3);
});
