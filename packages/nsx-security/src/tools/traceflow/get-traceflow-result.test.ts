import { expect, test } from 'vitest';
import { change, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectIdsChecked, expectStopped } from '../../../test/refusals.js';
import { getTraceflowResult } from './get-traceflow-result.js';
import { runTraceflow } from './run-traceflow.js';

const packet = { src_vm: 'web-01', dst_vm: 'app-01', dst_port: 8443, timeout_seconds: 1 };

test('a trace that still runs has no result yet, and one that is over has it whole', async () => {
  await using nsx = await lab({ traceMilliseconds: 60_000 });
  const { traceflow_id } = await change(nsx, runTraceflow, packet);
  expect(await read(nsx, getTraceflowResult, { traceflow_id })).toMatchObject({
    operation_state: 'IN_PROGRESS',
    verdict: 'unknown',
    observation_count: 0,
  });
  nsx.sim.clock.advance(120_000);
  const over = await read(nsx, getTraceflowResult, { traceflow_id });
  expect(over).toMatchObject({
    traceflow_id,
    operation_state: 'FINISHED',
    request_status: 'SUCCESS',
    verdict: 'delivered',
  });
  expect(over.observation_count).toBe(over.observations.length);
  expect(over.observations.map(({ sequence_no }) => sequence_no)).toEqual(
    over.observations.map(({ sequence_no }) => sequence_no).toSorted((a, b) => (a ?? 0) - (b ?? 0)),
  );
  expect(over.dfw_hits.map(({ rule }) => rule)).toEqual(['web-to-app', 'web-to-app']);
});

test('the rule that decided is found by its number where an observation does not say its path', async () => {
  await using nsx = await lab({ traceMilliseconds: 60_000 });
  const { traceflow_id } = await change(nsx, runTraceflow, packet);
  nsx.sim.clock.advance(120_000);
  const { dfw_hits } = await read(nsx, getTraceflowResult, { traceflow_id });
  for (const hit of dfw_hits)
    expect(hit).toMatchObject({
      acl_rule_id: expect.any(Number),
      policy: 'shop',
      action: 'ALLOW',
      outcome: 'forwarded',
    });
});

test('a rule that is gone by now keeps its number, and has no name', async () => {
  await using nsx = await lab({ traceMilliseconds: 60_000 });
  const { traceflow_id } = await change(nsx, runTraceflow, packet);
  nsx.sim.clock.advance(120_000);
  nsx.sim.world.objects.remove('/infra/domains/default/security-policies/shop/rules/web-to-app');
  const { dfw_hits } = await read(nsx, getTraceflowResult, { traceflow_id });
  expect(dfw_hits[0]).toMatchObject({ acl_rule_id: expect.any(Number), rule: null, action: null });
});

test('a trace that nobody started, and one of long ago, are not there', async () => {
  await using nsx = await lab({ traceMilliseconds: 60_000 });
  await expectStopped(nsx, getTraceflowResult, { traceflow_id: 'none' }, 'NOT_FOUND');
  const { traceflow_id } = await change(nsx, runTraceflow, packet);
  nsx.sim.clock.advance(3 * 3_600_000);
  await expectStopped(nsx, getTraceflowResult, { traceflow_id }, 'NOT_FOUND');
});

test('an id that leads elsewhere is refused', () =>
  expectIdsChecked(getTraceflowResult, { traceflow_id: 'x' }, 'traceflow_id'));
