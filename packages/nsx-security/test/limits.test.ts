import { simulateNsx } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { findUnusedRules } from '../src/tools/analysis/find-unused-rules.js';
import { listGroups } from '../src/tools/group/list-groups.js';
import { updateGroup } from '../src/tools/group/update-group.js';
import { listDfwRules } from '../src/tools/rule/list-dfw-rules.js';
import { read } from './answer.js';
import { changesAt, lab, labOn } from './lab.js';

const policies = 500;

test('two toolsets that ask for everything at once stay within what NSX lets one account ask', async () => {
  await using sim = await simulateNsx({ estate: { policies, rulesPerPolicy: 2, groups: 20 } });
  // As slow as a manager on which much is going on: requests pile up.
  sim.faults.add({ times: Number.POSITIVE_INFINITY, delayMilliseconds: 150 });
  await using first = labOn(sim);
  await using second = labOn(sim);
  const warnings: Error[] = [];
  const warned = (warning: Error) => warnings.push(warning);
  process.on('warning', warned);
  await Promise.all([
    read(first, findUnusedRules, {}),
    ...Array.from({ length: policies }, (_, at) =>
      read(at % 2 === 0 ? first : second, listDfwRules, {
        policy_id: `policy-${at}`,
        hits: true,
      }),
    ),
  ]);
  process.off('warning', warned);
  expect(warnings).toEqual([]);
  expect(sim.requests.length).toBeGreaterThan(2 * policies);
  expect(sim.limits.refused).toBe(0);
  expect(sim.limits.peakPerSecond).toBeLessThanOrEqual(100);
  expect(sim.limits.peakInFlight).toBeLessThanOrEqual(40);
  // They did pile up.
  expect(sim.limits.peakInFlight).toBeGreaterThan(10);
}, 90_000);

const groups = 'GET /policy/api/v1/infra/domains/{}/groups';

test.each([429, 503])(
  'a read that is answered with %s is asked again when NSX says so',
  async (status) => {
    await using nsx = await lab();
    nsx.sim.faults.add({
      match: { method: groups },
      times: 2,
      then: { status, headers: { 'retry-after': '1' } },
    });
    expect((await read(nsx, listGroups, {})).total).toBeGreaterThan(10);
    const times = nsx.sim.requests
      .filter(({ method }) => method === groups)
      .map(({ at }) => at.getTime());
    const waits = times.slice(1).map((at, nth) => at - (times[nth] ?? 0));
    expect(waits).toHaveLength(2);
    for (const waited of waits) expect(waited).toBeGreaterThanOrEqual(990);
  },
);

test('a read that stays refused says that NSX is busy, after three tries', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({
    match: { method: groups },
    times: Number.POSITIVE_INFINITY,
    then: { status: 429, headers: { 'retry-after': '0' } },
  });
  expect(await nsx.call(listGroups, {})).toMatchObject({
    status: 'failed',
    code: 'BUSY',
    message: expect.stringContaining('HTTP 429'),
    retryable: true,
  });
  expect(nsx.sim.requests.filter(({ method }) => method === groups)).toHaveLength(3);
});

const put = 'PUT /policy/api/v1/infra/domains/{}/groups/{}';
const input = { group_id: 'dns-servers', add_ip_addresses: ['10.10.9.54'] };

test('a change that is turned away for its rate has not happened, and is not sent again by us', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({
    match: { method: put },
    then: { status: 429, headers: { 'retry-after': '0' } },
  });
  expect(await nsx.change(updateGroup, input)).toMatchObject({
    status: 'failed',
    code: 'BUSY',
    retryable: true,
  });
  expect(changesAt(nsx.sim)).toHaveLength(1);
});

test('a change that something in between answers with 503 may have happened, and is not sent again', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({
    match: { method: put },
    then: { status: 503, headers: { 'retry-after': '0' } },
  });
  expect(await nsx.change(updateGroup, input)).toMatchObject({
    status: 'unknown',
    details: { check: 'vmware-nsx-security group get dns-servers' },
  });
  expect(changesAt(nsx.sim)).toHaveLength(1);
});
