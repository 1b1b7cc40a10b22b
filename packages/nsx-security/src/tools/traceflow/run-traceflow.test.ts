import { expect, test } from 'vitest';
import { change, read } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import { getTraceflowResult } from './get-traceflow-result.js';
import { runTraceflow } from './run-traceflow.js';

test('traces from a VM to a VM, names the rules that let it through, and cleans up', async () => {
  await using nsx = await lab();
  const input = { src_vm: 'web-01', dst_vm: 'app-01', dst_port: 8443 };
  const answer = await change(nsx, runTraceflow, input);
  expect(answer).toMatchObject({
    operation_state: 'FINISHED',
    request_status: 'SUCCESS',
    verdict: 'delivered',
    cleaned_up: true,
    src_ip: '10.10.1.11',
    dst_ip: '10.10.2.11',
    protocol: 'TCP',
  });
  expect(
    answer.dfw_hits.map(({ rule, policy, action, outcome }) => [rule, policy, action, outcome]),
  ).toMatchInlineSnapshot(`
    [
      [
        "web-to-app",
        "shop",
        "ALLOW",
        "forwarded",
      ],
      [
        "web-to-app",
        "shop",
        "ALLOW",
        "forwarded",
      ],
    ]
  `);
  expect(changesAt(nsx.sim).map((request) => request.replace(/ \{.*/, ''))).toEqual([
    expect.stringMatching(
      /^PUT \/policy\/api\/v1\/infra\/traceflows\/vmware-trace-[0-9a-f]{12}-1$/,
    ),
    expect.stringMatching(/^DELETE .*vmware-trace-[0-9a-f]{12}-1$/),
  ]);
});

test('names the rule that drops a packet', async () => {
  await using nsx = await lab();
  const answer = await change(nsx, runTraceflow, {
    src_vm: 'win-jump',
    src_ip: '10.10.9.10',
    dst_ip: '10.10.3.11',
    dst_port: 3306,
  });
  expect(answer).toMatchObject({ verdict: 'dropped' });
  expect(answer.dfw_hits.at(-1)).toMatchObject({
    rule: 'deny-shop',
    policy: 'shop-deny',
    action: 'DROP',
    outcome: 'dropped',
  });
});

test('a trace that outlasts the wait is left alone, and can be read later', async () => {
  await using nsx = await lab({ traceMilliseconds: 2_500 });
  const answer = await change(nsx, runTraceflow, {
    src_vm: 'web-01',
    dst_vm: 'app-01',
    timeout_seconds: 1,
  });
  expect(answer).toMatchObject({
    operation_state: 'IN_PROGRESS',
    cleaned_up: false,
    verdict: 'unknown',
  });
  nsx.sim.clock.advance(5_000);
  const later = await read(nsx, getTraceflowResult, { traceflow_id: answer.traceflow_id });
  expect(later).toMatchObject({ operation_state: 'FINISHED', verdict: 'dropped' });
});

test.each([
  [{ src_vm: 'db-01', dst_ip: '10.10.1.11' }, 'AMBIGUOUS', 'db-01'],
  [{ src_vm: 'nobody', dst_ip: '10.10.1.11' }, 'NOT_FOUND', 'nobody'],
  [{ src_vm: 'win-jump', dst_ip: '10.10.1.11' }, 'AMBIGUOUS', '2 network cards'],
  [
    { src_vm: 'appliance-01', dst_ip: '10.10.1.11', src_ip: '10.10.20.5' },
    'BLOCKED',
    'VLAN-backed',
  ],
  [{ src_vm: 'web-01' }, 'INVALID_INPUT', 'destination'],
  [{ dst_ip: '10.10.1.11' }, 'INVALID_INPUT', 'starts at one place'],
  [{ src_vm: 'web-01', dst_ip: '2001:db8::1' }, 'INVALID_INPUT', 'source address'],
  [{ src_vm: 'web-01', dst_ip: '10.10.1.300' }, 'INVALID_INPUT', '10.10.1.300'],
  [{ src_vm: 'web-01', dst_ip: '10.10.2.11', protocol: 'SCTP' }, 'INVALID_INPUT', 'protocol'],
  [
    {
      src_lport_id: '/infra/segments/seg-web/ports/none',
      src_ip: '10.1.1.1',
      dst_ip: '10.10.2.11',
    },
    'NOT_FOUND',
    'segment port',
  ],
])('%o is refused as %s', async (input, code, words) => {
  await using nsx = await lab();
  const outcome = await nsx.call(runTraceflow, input);
  expect(outcome).toMatchObject({ code, message: expect.stringContaining(words) });
  expect(changesAt(nsx.sim)).toEqual([]);
});
