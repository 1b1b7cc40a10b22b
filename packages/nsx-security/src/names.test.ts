import { expect, test } from 'vitest';
import { requestsOf } from '../test/answer.js';
import { lab } from '../test/lab.js';
import { mallory } from '../test/refusals.js';
import { connect } from './connect.js';
import { Names } from './names.js';
import { placeOf } from './objects.js';

const groups = '/infra/domains/default/groups';

/** Names in the scope of a lab. */
async function namesIn(nsx: Awaited<ReturnType<typeof lab>>, nsx_scope = 'default') {
  const { clients, close } = await connect('lab', { home: nsx.userHome, env: nsx.env });
  const place = placeOf(clients.nsx, nsx_scope, { signal: new AbortController().signal });
  return { names: new Names(place), [Symbol.asyncDispose]: close };
}

test('a word is a path, an id or a display name, and each list is read once', async () => {
  await using nsx = await lab();
  mallory(nsx, `${groups}/db-servers`, { display_name: 'Data bases' });
  await using open = await namesIn(nsx);
  const routes = await requestsOf(nsx.sim, async () => {
    const words = ['web-servers', 'Data bases', `${groups}/shop`, '10.0.0.1', '10.0.0.0/8'];
    expect(await open.names.endpoints(words, 'sources')).toEqual([
      `${groups}/web-servers`,
      `${groups}/db-servers`,
      `${groups}/shop`,
      '10.0.0.1',
      '10.0.0.0/8',
    ]);
    expect(await open.names.appliedTo(['app-servers'])).toEqual([`${groups}/app-servers`]);
    expect(await open.names.group('jump-hosts')).toBe(`${groups}/jump-hosts`);
    expect(await open.names.services(['HTTPS', 'SSH'])).toEqual([
      '/infra/services/HTTPS',
      '/infra/services/SSH',
    ]);
  });
  expect(routes.slice(1).sort()).toEqual([
    'GET /policy/api/v1/infra/domains/{}/groups',
    'GET /policy/api/v1/infra/domains/{}/groups/{}',
    'GET /policy/api/v1/infra/services',
  ]);
});

test('ANY stands alone, whatever its case, and asks nothing', async () => {
  await using nsx = await lab();
  await using open = await namesIn(nsx);
  expect(await open.names.endpoints([' any '], 'sources')).toEqual(['ANY']);
  await expect(open.names.services(['ANY', 'HTTPS'])).rejects.toThrow('services: ANY already is');
  await expect(open.names.endpoints([], 'sources')).rejects.toThrow('sources: an empty list');
  expect(nsx.sim.requests).toEqual([]);
});

test('one object named in two ways is named once', async () => {
  await using nsx = await lab();
  await using open = await namesIn(nsx);
  const twice = ['shop', `${groups}/shop`, 'shop'];
  expect(await open.names.endpoints(twice, 'sources')).toEqual([`${groups}/shop`]);
});

test('a path leads to its kind and nowhere else', async () => {
  await using nsx = await lab();
  await using open = await namesIn(nsx);
  for (const path of ['/infra/services/HTTPS', '/', `${groups}/../groups/shop`, `${groups}//shop`])
    await expect(open.names.group(path)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await expect(open.names.group(`${groups}/none`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('names are those of the scope', async () => {
  await using nsx = await lab();
  await using open = await namesIn(nsx, 'project:shop-project');
  expect(await open.names.group('stage')).toBe(
    '/orgs/default/projects/shop-project/infra/domains/default/groups/stage',
  );
  await expect(open.names.group('shop')).rejects.toThrow('in the scope project:shop-project');
});

test('a list that cannot be read is an error, not an unknown name', async () => {
  await using nsx = await lab({
    faults: [
      {
        match: { method: 'GET /policy/api/v1/infra/domains/{}/groups' },
        times: Infinity,
        then: { status: 403 },
      },
    ],
  });
  await using open = await namesIn(nsx);
  await expect(open.names.group('shop')).rejects.toMatchObject({ code: 'NO_PERMISSION' });
});
