import { expect, test } from 'vitest';
import { simulateNsx } from '../src/index.js';
import { placeOf } from '../src/nsx/call.js';
import { nameOf, operations } from '../src/nsx/catalogue.js';
import { handlers } from '../src/nsx/handlers/index.js';
import { domain, groups, NsxWire, policies } from './nsx-wire.js';

test('every route of the catalogue has a handler, and no handler but the spare verbs lacks a route', () => {
  const missing = operations.filter(
    (operation) =>
      !handlers[placeOf({ operation, path: operation.path.replaceAll('{}', 'x') }).key],
  );
  expect(missing.map(nameOf)).toEqual([]);
});

test('the reads of the lab answer 200, each with its own shape', async () => {
  await using nsx = await simulateNsx();
  const wire = await NsxWire.enter(nsx);
  const vm = nsx.world.fabric.vms().find(({ display_name }) => display_name === 'web-01');
  const vif = nsx.world.fabric.vifs().find(({ owner_vm_id }) => owner_vm_id === vm?.external_id);
  const ids = '/infra/settings/firewall/security/intrusion-services';
  const project = '/orgs/default/projects/shop-project';
  const reads = [
    '/api/v1/node/version',
    '/api/v1/cluster/api-service',
    '/api/v1/fabric/virtual-machines?display_name=web-01',
    `/api/v1/fabric/vifs?owner_vm_id=${vm?.external_id}`,
    '/infra',
    '/infra?filter=Type-Group%7CService',
    '/infra/domains',
    policies,
    `${policies}/shop`,
    `${policies}/shop/rules`,
    `${policies}/shop/rules/web-in`,
    `${policies}/shop/statistics`,
    `${policies}/shop/rules/web-in/statistics`,
    `${groups}/web-servers/members/virtual-machines`,
    `${groups}/corporate/members/ip-addresses`,
    `${domain}/gateway-policies`,
    `${domain}/gateway-policies/gw-local/rules`,
    `${domain}/intrusion-service-policies`,
    `${domain}/redirection-policies`,
    '/infra/services?default_service=true',
    '/infra/services/HTTPS',
    '/infra/context-profiles',
    `/infra/group-associations?intent_path=${groups}/web-servers`,
    `/infra/group-service-associations?intent_path=${groups}/web-servers`,
    `/infra/virtual-machine-group-associations?vm_external_id=${vm?.external_id}`,
    `/infra/virtual-network-interface-group-associations?vif_external_id=${vif?.external_id}`,
    '/infra/ip-address-group-associations?ip_address=10.10.1.11',
    `/infra/realized-state/status?intent_path=${groups}/web-servers`,
    '/infra/realized-state/virtual-machines',
    '/infra/segments',
    '/infra/segments/seg-web',
    '/infra/segments/seg-web/ports',
    '/infra/tier-1s',
    '/infra/tags',
    '/infra/tags/effective-resources?scope=tier&tag=web',
    '/infra/traceflows',
    '/infra/settings/firewall/security',
    '/infra/settings/firewall/security/exclude-list',
    '/infra/settings/firewall/security/exclude-list?system_owned=true',
    ids,
    `${ids}/signatures/status`,
    `${ids}/signature-versions`,
    `${ids}/cluster-configs`,
    `${ids}/ids-standalone-host-config`,
    `${ids}/profiles`,
    `${ids}/profiles/web-critical`,
    '/aaa/user-info',
    '/aaa/effective-permissions?object_path=/infra&feature_name=policy_dfw',
    '/system-config/nsx-partial-patch-config',
    '/search/query?query=resource_type:Group',
    '/orgs/default/projects',
    project,
    `${project}/vpcs`,
    `${project}/vpcs/shop-vpc`,
    `${project}/vpcs/shop-vpc/groups`,
    `${project}/infra/domains/default/groups`,
    `${project}/infra/domains/default/security-policies/stage`,
    '/org-root',
  ];
  for (const path of reads) {
    const { status, json } = await wire.get(path);
    expect([path, status, json.error_message]).toEqual([path, 200, undefined]);
    if (json.results)
      expect([path, json.results.length > 0]).toEqual([path, path !== '/infra/traceflows']);
  }
});

test('what the API does not have is the 404 of NSX, also when it only has it with another method', async () => {
  await using nsx = await simulateNsx();
  const wire = await NsxWire.enter(nsx);
  for (const [method, path] of [
    ['GET', '/infra/nothing-of-the-kind'],
    ['GET', `${groups}/web-servers/group-associations`],
    ['POST', `${groups}/web-servers`],
    ['GET', `${groups}/`],
    ['DELETE', '/infra/settings/firewall/security'],
    ['GET', '/infra/ip-sets'],
    ['GET', '/global-manager/api/v1/global-infra/domains/default/groups'],
    ['GET', '/'],
  ] as const) {
    const { status, json } = await wire.send(method, path);
    expect([method, path, status]).toEqual([method, path, 404]);
    expect(json).toMatchObject({
      httpStatus: 'NOT_FOUND',
      error_code: 404,
      module_name: 'common-services',
    });
  }
  const { status, json } = await wire.get(`${groups}/WEB-servers`);
  expect([status, json.error_code]).toEqual([404, 600]);
  expect(json.error_message).toContain(`${groups}/WEB-servers could not be found`);
});

test('an id is one segment: what would be another path once decoded is refused', async () => {
  await using nsx = await simulateNsx();
  const wire = await NsxWire.enter(nsx);
  for (const id of ['..', '%2e%2e', '.', 'a%2Fb', 'a%5Cb', '%', '%zz', 'a%00b', 'a%0Ab'])
    for (const answer of [
      await wire.get(`${groups}/${id}`),
      await wire.put(`${groups}/${id}`, { display_name: 'x' }),
      await wire.delete(`${policies}/shop/rules/${id}`),
    ])
      expect([id, [400, 404].includes(answer.status)]).toEqual([id, true]);
  expect((await wire.get(`${groups}/${encodeURIComponent('web servers ü|')}`)).status).toBe(404);
  expect((await wire.put(`${groups}/${encodeURIComponent('a b ü')}`, {})).json.id).toBe('a b ü');
});

test('a query is checked: names, kinds, what must be there', async () => {
  await using nsx = await simulateNsx();
  const wire = await NsxWire.enter(nsx);
  for (const [path, named] of [
    [`${groups}?name=web`, 'name'],
    [`${groups}/web-servers?force=true`, 'force'],
    [`${policies}?include_rule_count=yes`, 'include_rule_count'],
    [`${policies}?page_size=ten`, 'page_size'],
    [`${policies}?page_size=5&page_size=6`, 'page_size'],
    ['/infra/group-associations', 'intent_path'],
    ['/search/query', 'query'],
    ['/search/query?query=((', 'query'],
  ] as const) {
    const { status, json } = await wire.get(path);
    expect([path, status]).toEqual([path, 400]);
    expect(json.error_message).toContain(named);
  }
});

test('a Global Manager serves its own tree and no machines, and a project needs 4.1', async () => {
  await using global = await simulateNsx({ globalManager: true });
  const gm = await NsxWire.enter(global);
  const tree = '/global-manager/api/v1/global-infra/domains/default';
  expect((await gm.put(`${tree}/groups/g`, { display_name: 'g' })).json.path).toBe(
    '/global-infra/domains/default/groups/g',
  );
  const rule = {
    id: 'r',
    action: 'DROP',
    destination_groups: ['/global-infra/domains/default/groups/g'],
  };
  const policy = await gm.put(`${tree}/security-policies/p`, {
    category: 'Emergency',
    rules: [rule],
  });
  expect(policy.json.rules[0].rule_id).toBeGreaterThanOrEqual(1_000_000);
  expect((await gm.get('/api/v1/node/version')).status).toBe(200);
  expect((await gm.get('/api/v1/fabric/virtual-machines')).status).toBe(404);
  expect((await gm.get(groups)).status).toBe(404);

  await using old = await simulateNsx({ version: '3.2.4' });
  const wire = await NsxWire.enter(old);
  expect((await wire.get(groups)).status).toBe(200);
  expect((await wire.get('/orgs/default/projects')).status).toBe(404);
  await using middle = await simulateNsx({ version: '4.1.0' });
  const other = await NsxWire.enter(middle);
  const project = '/orgs/default/projects/shop-project';
  expect((await other.get(`${project}/infra/domains/default/groups`)).status).toBe(200);
  expect((await other.get(`${project}/vpcs/shop-vpc/groups`)).status).toBe(404);
});
