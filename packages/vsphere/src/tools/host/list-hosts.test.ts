import { expect, test } from 'vitest';
import { allPages, hidden, read, requestsOf } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { listHosts } from './list-hosts.js';

test('tells state, hardware, load and number of VMs of every host, sorted by name', async () => {
  await using vc = await lab();
  const { items, ...envelope } = await read(vc, listHosts, {});
  expect(items.map(({ name }) => name)).toEqual([
    'esx-a1.lab.test',
    'esx-a2.lab.test',
    'esx-b1.lab.test',
    'esx-b2.lab.test',
  ]);
  expect(items[0]).toEqual({
    name: 'esx-a1.lab.test',
    id: expect.stringMatching(/^host-\d+$/),
    connection_state: 'connected',
    power_state: 'poweredOn',
    maintenance_mode: false,
    model: 'PowerEdge R760',
    version: '8.0.3',
    cpu_cores: 64,
    cpu_usage_mhz: expect.any(Number),
    memory_gb: 512,
    memory_usage_mb: expect.any(Number),
    vm_count: vc.sim.inventory.all('vm').filter(({ host }) => host === items[0]?.id).length,
  });
  expect(items.reduce((sum, { vm_count }) => sum + (vm_count ?? 0), 0)).toBe(24);
  expect(envelope).toMatchObject({ returned: 4, total: 4, truncated: false });
});

test('tells maintenance mode and hosts that do not respond', async () => {
  await using vc = await lab();
  const [a1, a2] = vc.sim.inventory.all('host');
  if (a1) vc.sim.inventory.change(a1, { maintenance: true });
  if (a2) vc.sim.inventory.change(a2, { connection: 'notResponding', power: 'unknown' });
  expect((await read(vc, listHosts, {})).items.slice(0, 2)).toMatchObject([
    { maintenance_mode: true },
    { connection_state: 'notResponding', power_state: 'unknown' },
  ]);
});

test('counts no VMs of a host that has none', async () => {
  await using vc = await lab({ seed: { vms: [] } });
  expect((await read(vc, listHosts, {})).items).toMatchObject([{ vm_count: 0 }]);
});

test.each([1, 3, 4])('walks the pages of %i without loss or repetition', async (limit) => {
  await using vc = await lab();
  const { rows, pages } = await allPages((cursor) => read(vc, listHosts, { limit, cursor }));
  expect(rows).toEqual((await read(vc, listHosts, {})).items);
  expect(pages).toBe(Math.ceil(4 / limit));
});

test('lets a hostile host name out clean', async () => {
  await using vc = await lab();
  const [host] = vc.sim.inventory.all('host');
  if (host) vc.sim.inventory.rename(host, 'esx\u202e\u200b\u009b31m-01');
  const { items } = await read(vc, listHosts, {});
  expect(items.some(({ name }) => name === 'esx-01')).toBe(true);
  expect(JSON.stringify(items)).not.toMatch(hidden);
});

test('reads all hosts in one walk', async () => {
  await using vc = await lab({ seed: { vms: 3000 } });
  await read(vc, listHosts, { limit: 1 });
  const methods = await requestsOf(vc.sim, async () => {
    expect((await read(vc, listHosts, {})).total).toBe(48);
  });
  expect(methods).toEqual(['CreateContainerView', 'RetrievePropertiesEx', 'DestroyView']);
});
