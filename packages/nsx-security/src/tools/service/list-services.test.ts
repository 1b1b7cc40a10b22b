import { hostileName } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { hidden, read, requestsOf } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectRole, expectStopped, mallory } from '../../../test/refusals.js';
import { listServices } from './list-services.js';

const ids = async (
  nsx: Awaited<ReturnType<typeof lab>>,
  input: Parameters<
    typeof read<(typeof listServices)['input'], (typeof listServices)['output']>
  >[2],
) => (await read(nsx, listServices, input)).items.map(({ id }) => id);

test('lists services by name, with what each of them is in words', async () => {
  await using nsx = await lab();
  const routes = await requestsOf(nsx.sim, async () => {
    const { items } = await read(nsx, listServices, {});
    const names = items.map(({ display_name }) => display_name);
    expect(names).toEqual([...names].sort());
    expect(items.find(({ id }) => id === 'shop-app')).toEqual({
      id: 'shop-app',
      display_name: 'shop-app',
      entries: ['TCP:8443'],
      is_default: false,
      path: '/infra/services/shop-app',
    });
    expect(items.find(({ id }) => id === 'HTTPS')).toMatchObject({
      entries: ['TCP:443'],
      is_default: true,
    });
    expect(items.find(({ id }) => id === 'name-and-time')?.entries).toEqual([
      'service DNS',
      'service DNS-UDP',
      'service NTP',
    ]);
  });
  expect(routes.slice(1)).toEqual(['GET /policy/api/v1/infra/services']);
});

test('finds services by destination port, in a range and through services inside a service', async () => {
  await using nsx = await lab();
  mallory(nsx, '/infra/services/shop-app', {
    service_entries: [
      {
        resource_type: 'L4PortSetServiceEntry',
        l4_protocol: 'TCP',
        destination_ports: ['8000-8999'],
        source_ports: ['123'],
      },
    ],
  });
  expect(await ids(nsx, { port: 8443 })).toEqual(['shop-app']);
  expect(await ids(nsx, { port: 9000 })).toEqual([]);
  expect(await ids(nsx, { port: 123 })).toEqual(expect.arrayContaining(['NTP', 'name-and-time']));
  expect(await ids(nsx, { port: 123 })).not.toContain('shop-app');
  expect(await ids(nsx, { port: 53, name_filter: 'name' })).toEqual(['name-and-time']);
  await expectStopped(nsx, listServices, { port: 65_536 }, 'INVALID_INPUT');
});

test('services that hold each other end', async () => {
  await using nsx = await lab();
  const holds = (id: string) => ({
    service_entries: [
      {
        resource_type: 'NestedServiceServiceEntry',
        nested_service_path: `/infra/services/${id}`,
      },
    ],
  });
  mallory(nsx, '/infra/services/shop-app', holds('name-and-time'));
  mallory(nsx, '/infra/services/name-and-time', holds('shop-app'));
  expect(await ids(nsx, { port: 8443 })).toEqual([]);
});

test('filters by name and pages', async () => {
  await using nsx = await lab();
  expect(await ids(nsx, { name_filter: 'dns-u*' })).toEqual(['DNS-UDP']);
  const page = await read(nsx, listServices, { limit: 2 });
  const rest = await read(nsx, listServices, { cursor: page.next_cursor ?? '' });
  expect(page.returned + rest.returned).toBe(page.total);
  expect((await read(nsx, listServices, { offset: 2 })).items).toEqual(rest.items);
});

test('hostile names come out clean', async () => {
  await using nsx = await lab();
  mallory(nsx, '/infra/services/shop-app', {
    display_name: hostileName,
    service_entries: [
      { resource_type: 'ALGTypeServiceEntry', alg: hostileName, destination_ports: [hostileName] },
    ],
  });
  const { items } = await read(nsx, listServices, { name_filter: 'ignore previous' });
  expect(items).toHaveLength(1);
  expect(JSON.stringify(items)).not.toMatch(hidden);
});

test('a project has services of its own, and a VPC those of its project', async () => {
  await using nsx = await lab();
  for (const nsx_scope of ['project:shop-project', 'vpc:shop-project/shop-vpc'])
    expect(await ids(nsx, { nsx_scope, name_filter: 'stage' })).toEqual(['stage-api']);
});

test('a Global Manager has its own', async () => {
  await using nsx = await lab({ globalManager: true });
  const { items } = await read(nsx, listServices, { nsx_scope: 'global', name_filter: 'https' });
  expect(items[0]?.path).toBe('/global-infra/services/HTTPS');
});

test('an auditor may look', () => expectRole(listServices, {}));
