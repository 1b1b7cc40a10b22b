import { hostileName } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { hidden, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectRole, mallory } from '../../../test/refusals.js';
import { listContextProfiles } from './list-context-profiles.js';

const profiles = '/infra/context-profiles';

test('lists profiles by name, with what they match', async () => {
  await using nsx = await lab();
  mallory(nsx, `${profiles}/HTTP`, {
    attributes: [
      { key: 'APP_ID', value: ['HTTP', 'HTTP2'] },
      { key: 'DOMAIN_NAME', value: ['*.example.com'] },
    ],
  });
  const { items } = await read(nsx, listContextProfiles, {});
  expect(items.map(({ id }) => id)).toEqual(['DNS', 'HTTP', 'SSL']);
  expect(items[1]).toEqual({
    id: 'HTTP',
    display_name: 'HTTP',
    attributes: ['APP_ID: HTTP, HTTP2', 'DOMAIN_NAME: *.example.com'],
    system_owned: true,
    path: `${profiles}/HTTP`,
  });
});

test('filters by name and pages', async () => {
  await using nsx = await lab();
  const { items } = await read(nsx, listContextProfiles, { name_filter: 's' });
  expect(items.map(({ id }) => id)).toEqual(['DNS', 'SSL']);
  const page = await read(nsx, listContextProfiles, { limit: 2 });
  const rest = await read(nsx, listContextProfiles, { cursor: page.next_cursor ?? '' });
  expect(rest.items.map(({ id }) => id)).toEqual(['SSL']);
});

test('hostile text comes out clean', async () => {
  await using nsx = await lab();
  mallory(nsx, `${profiles}/DNS`, {
    display_name: hostileName,
    attributes: [{ key: hostileName, value: [hostileName] }],
  });
  const { items } = await read(nsx, listContextProfiles, { name_filter: 'ignore previous' });
  expect(items).toHaveLength(1);
  expect(JSON.stringify(items)).not.toMatch(hidden);
});

test('a Global Manager has its own', async () => {
  await using nsx = await lab({ globalManager: true });
  const { items } = await read(nsx, listContextProfiles, { nsx_scope: 'global' });
  expect(items[0]?.path).toBe('/global-infra/context-profiles/DNS');
});

test('an auditor may look', () => expectRole(listContextProfiles, {}));
