import { expect, test } from 'vitest';
import { newObject } from './new-object.js';
import { simulateNsx } from './simulate-nsx.js';

test.each([
  ['default-layer2-section', undefined],
  ['shop', 'IPV4_IPV6'],
])('a rule of the policy %s has the IP version %s unless it says so', async (policy, version) => {
  await using nsx = await simulateNsx();
  const path = `/infra/domains/default/security-policies/${policy}/rules/new`;
  expect(newObject(nsx.world, path, 'Rule', { action: 'ALLOW' })['ip_protocol']).toBe(version);
});
