import { hostileAnnotation, hostileName } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { hidden, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectRole, expectStopped, mallory } from '../../../test/refusals.js';
import { listIdpsProfiles } from './list-idps-profiles.js';

const profiles = '/infra/settings/firewall/security/intrusion-services/profiles';

test('lists profiles with severities, criteria and overridden signatures', async () => {
  await using nsx = await lab();
  const { items, total } = await read(nsx, listIdpsProfiles, {});
  expect(total).toBe(2);
  expect(items.map(({ id }) => id)).toEqual(['DefaultIDSProfile', 'web-critical']);
  expect(items[1]).toEqual({
    id: 'web-critical',
    display_name: 'web-critical',
    description: '',
    profile_severity: 'CRITICAL, HIGH',
    criteria: [
      { filter_name: 'ATTACK_TARGET', filter_value: ['Web_Server'] },
      { filter_name: 'CVSS', filter_value: ['CRITICAL'] },
    ],
    overridden_signature_count: 1,
    path: `${profiles}/web-critical`,
  });
});

test('filters by name and pages', async () => {
  await using nsx = await lab();
  const { items } = await read(nsx, listIdpsProfiles, { name_filter: 'WEB-*' });
  expect(items.map(({ id }) => id)).toEqual(['web-critical']);
  const page = await read(nsx, listIdpsProfiles, { limit: 1 });
  expect(page).toMatchObject({ total: 2, truncated: true });
  const rest = await read(nsx, listIdpsProfiles, { limit: 1, cursor: page.next_cursor ?? '' });
  expect(rest.items.map(({ id }) => id)).toEqual(['web-critical']);
});

test('profiles that cannot be read are an error, not an empty list', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({
    match: { method: `GET /policy/api/v1${profiles}` },
    times: Infinity,
    then: { status: 404 },
  });
  await expectStopped(nsx, listIdpsProfiles, {}, 'NOT_FOUND');
});

test('hostile text comes out clean', async () => {
  await using nsx = await lab();
  mallory(nsx, `${profiles}/web-critical`, {
    display_name: hostileName,
    description: hostileAnnotation,
    profile_severity: [hostileName],
  });
  const { items } = await read(nsx, listIdpsProfiles, { name_filter: 'ignore previous' });
  expect(items).toHaveLength(1);
  expect(JSON.stringify(items)).not.toMatch(hidden);
});

test('an auditor may look', () => expectRole(listIdpsProfiles, {}));
