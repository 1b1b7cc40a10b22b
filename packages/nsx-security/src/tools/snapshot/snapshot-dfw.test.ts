import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { change, read, requestsOf } from '../../../test/answer.js';
import { folder, snapshotIn } from '../../../test/files.js';
import { changesAt, lab } from '../../../test/lab.js';
import { createGroup } from '../group/create-group.js';
import { snapshotDfw } from './snapshot-dfw.js';

test('writes everything there is to a private file, the configuration of one moment', async () => {
  await using nsx = await lab();
  using files = folder();
  const file = files.path('a.json');
  const routes = await requestsOf(nsx.sim, async () => {
    expect(await read(nsx, snapshotDfw, { file })).toMatchObject({
      file,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      policies: 8,
      unreadable: [],
    });
  });
  expect(routes.filter((route) => route === 'GET /policy/api/v1/infra')).toHaveLength(1);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const snapshot = snapshotIn(file);
  expect(snapshot).toMatchObject({
    format: 'vmware-nsx-security/snapshot',
    version: 1,
    manager: { name: 'lab', host: '127.0.0.1', product_version: expect.stringMatching(/^4\.2/) },
    nsx_scope: 'default',
    firewall: { enable_firewall: true },
  });
  for (const { id, path } of nsx.sim.world.objects.ofType('SecurityPolicy'))
    if (path.startsWith('/infra/'))
      expect(
        snapshot.policies
          .find((policy) => policy.path === path)
          ?.rules.map((rule) => rule.path)
          .sort(),
        id,
      ).toEqual(
        nsx.sim.world.objects
          .children(path, 'Rule')
          .map((rule) => rule.path)
          .sort(),
      );
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('never overwrites a file', async () => {
  await using nsx = await lab();
  using files = folder();
  const input = { file: files.path('a') };
  await read(nsx, snapshotDfw, input);
  await change(nsx, createGroup, { group_id: 'new', display_name: 'New' });
  expect(await nsx.call(snapshotDfw, input)).toMatchObject({ code: 'CONFLICT' });
});

test.each([
  ['project:shop-project', 1],
  ['vpc:shop-project/shop-vpc', 1],
] as const)('takes %s alone', async (nsx_scope, least) => {
  await using nsx = await lab();
  using files = folder();
  const taken = await read(nsx, snapshotDfw, { file: files.path('a'), nsx_scope });
  expect(taken.policies).toBeGreaterThanOrEqual(least);
  const { policies, groups } = snapshotIn(taken.file);
  for (const { path } of [...policies, ...groups])
    expect(path).toMatch(/^\/orgs\/default\/projects\//);
});

test('a Global Manager has no machines, and says so', async () => {
  await using nsx = await lab({ globalManager: true });
  using files = folder();
  const taken = await read(nsx, snapshotDfw, { file: files.path('a'), nsx_scope: 'global' });
  expect(taken).toMatchObject({ virtual_machines: null });
  expect(taken.unreadable).toContain('vifs');
});
