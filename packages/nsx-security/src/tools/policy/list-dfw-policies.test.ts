import { expect, test } from 'vitest';
import { read, requestsOf } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { listDfwPolicies } from './list-dfw-policies.js';

test('lists policies in evaluation order, with the number of rules, in one request', async () => {
  await using nsx = await lab();
  const routes = await requestsOf(nsx.sim, async () => {
    const { items, total } = await read(nsx, listDfwPolicies, {});
    expect(items.map(({ id, category }) => `${category} ${id}`)).toEqual([
      'Ethernet default-layer2-section',
      'Emergency quarantine',
      'Infrastructure shared-services',
      'Environment isolate-test',
      'Application pci-locked',
      'Application shop',
      'Application shop-deny',
      'Application default-layer3-section',
    ]);
    expect(total).toBe(8);
    expect(items.find(({ id }) => id === 'shop')).toMatchObject({ rule_count: 6, stateful: true });
  });
  expect(routes).toEqual([
    'POST /api/session/create',
    'GET /policy/api/v1/infra/domains/{}/security-policies',
  ]);
});
