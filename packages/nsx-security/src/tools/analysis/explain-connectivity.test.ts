import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { change, read } from '../../../test/answer.js';
import { folder, snapshotIn } from '../../../test/files.js';
import { changesAt, lab, labOn } from '../../../test/lab.js';
import { snapshotDfw } from '../snapshot/snapshot-dfw.js';
import { runTraceflow } from '../traceflow/run-traceflow.js';
import { explainConnectivity } from './explain-connectivity.js';

test('names the rule that lets traffic through on each side, and reads only', async () => {
  await using nsx = await lab();
  const answer = await read(nsx, explainConnectivity, {
    source: 'web-01',
    destination: 'app-01',
    port: '8443',
  });
  expect(answer).toMatchObject({
    verdict: 'allowed',
    pairs: 1,
    reasons: [],
    firewall_enabled: true,
  });
  const [part] = answer.parts;
  expect(part?.source_side.deciding).toMatchObject([{ rule: 'web-to-app', policy: 'shop' }]);
  expect(part?.destination_side.deciding).toMatchObject([{ rule: 'web-to-app', certain: true }]);
  expect(answer.summary).toContain('web-to-app');
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('says what blocks, and before which rule an ALLOW must stand', async () => {
  await using nsx = await lab();
  const answer = await read(nsx, explainConnectivity, {
    source: 'win-jump',
    destination: 'db-02',
    port: '3306',
  });
  expect(answer).toMatchObject({ verdict: 'blocked' });
  expect(answer.parts[0]?.changes.join()).toContain('before "deny-shop" of policy "shop-deny"');
});

test('groups are judged pair by pair, and what is let through in part is told apart', async () => {
  await using nsx = await lab();
  const answer = await read(nsx, explainConnectivity, { source: 'corporate', destination: 'shop' });
  expect(answer.verdict).toBe('partly');
  expect(answer.parts.flatMap(({ allowed }) => allowed).join()).toContain('TCP 443');
});

/** Ends and ports of the lab; appliance-01 and dns-01 have no tools, one is excluded, some are off. */
const vms = ['web-01', 'web-02', 'app-01', 'db-02', 'win-jump', 'dns-01', 'scratch-01'] as const;
const ports = [22, 53, 80, 443, 3306, 8443];

test('agrees with traceflow about every packet, and names the same rule', async () => {
  await using nsx = await lab({ traceMilliseconds: 0 });
  const wrong: string[] = [];
  for (const source of vms)
    for (const destination of vms) {
      if (source === destination) continue;
      const port = ports[(vms.indexOf(source) * 7 + vms.indexOf(destination)) % ports.length] ?? 80;
      const src_ip = source === 'win-jump' ? '10.10.9.10' : undefined;
      const dst_ip = destination === 'win-jump' ? '10.10.9.10' : undefined;
      const traced = await change(nsx, runTraceflow, {
        src_vm: source,
        ...(src_ip && { src_ip }),
        ...(dst_ip ? { dst_ip } : { dst_vm: destination }),
        dst_port: port,
      });
      const explained = await read(nsx, explainConnectivity, {
        source: src_ip ?? source,
        destination: dst_ip ?? destination,
        port: String(port),
      });
      const expected = traced.verdict === 'delivered' ? 'allowed' : 'blocked';
      const [part] = explained.parts;
      const side =
        traced.dfw_hits.length > 1 || traced.verdict === 'delivered'
          ? part?.destination_side
          : part?.source_side;
      const rule = side?.deciding.find(({ certain }) => certain)?.rule;
      const last = traced.dfw_hits.at(-1)?.rule;
      if (explained.verdict !== expected || rule !== last)
        wrong.push(
          `${source}→${destination}:${port} traced ${traced.verdict} by ${last}, explained ${explained.verdict} by ${rule}`,
        );
    }
  expect(wrong).toEqual([]);
}, 120_000);

test('a machine of a project has rules that are not looked at here, so nothing is certain', async () => {
  await using nsx = await lab();
  const answer = await read(nsx, explainConnectivity, {
    source: 'web-01',
    destination: 'ci-runner-03',
    port: '22',
  });
  expect(answer).toMatchObject({
    verdict: 'unknown',
    reasons: [expect.stringContaining('ci-runner-03 is on no segment of the default scope')],
    summary: expect.stringContaining('by these alone'),
  });
});

test('rules of the default scope come before those of a project, and of a Global Manager before both', async () => {
  await using nsx = await lab();
  using files = folder();
  const inProject = await read(nsx, explainConnectivity, {
    source: '203.0.113.9',
    destination: 'group:stage',
    nsx_scope: 'project:shop-project',
  });
  expect(inProject).toMatchObject({ verdict: 'unknown' });
  expect(inProject.reasons.join()).toContain('rules of the scope default also apply');
  const { file } = await read(nsx, snapshotDfw, { file: files.path('a') });
  const federated = files.path('federated.json');
  writeFileSync(federated, JSON.stringify({ ...snapshotIn(file), beyond: ['global'] }));
  const question = { source: 'web-01', destination: 'app-01', port: '8443', snapshot: federated };
  expect(await read(nsx, explainConnectivity, question)).toMatchObject({
    verdict: 'unknown',
    reasons: [expect.stringContaining('scope global')],
  });
});

test('reads a snapshot with no manager there', async () => {
  await using nsx = await lab();
  using files = folder();
  const { file } = await read(nsx, snapshotDfw, { file: files.path('a') });
  const question = { source: 'web-01', destination: 'app-01', port: '8443' };
  const live = await read(nsx, explainConnectivity, question);
  await using nowhere = labOn({ ...nsx.sim, port: 1 });
  expect(await read(nowhere, explainConnectivity, { ...question, snapshot: file })).toEqual(live);
});

test.each([
  [{ source: 'nobody', destination: 'web-01' }, 'NOT_FOUND', 'nobody'],
  [{ source: 'web-01', destination: 'db-01' }, 'AMBIGUOUS', '2 VMs'],
  [{ source: 'web-01', destination: 'app-01', port: '70000' }, 'INVALID_INPUT', '70000'],
  [
    { source: 'web-01', destination: 'app-01', port: '443', service: 'HTTPS' },
    'INVALID_INPUT',
    'service',
  ],
  [{ source: 'web-01', destination: 'app-01', service: 'nope' }, 'NOT_FOUND', 'nope'],
  [{ source: '10.0.0.1/33', destination: 'app-01' }, 'NOT_FOUND', '10.0.0.1/33'],
  [
    { source: 'web-01', destination: 'app-01', protocol: 'ICMP' as const, port: '8' },
    'INVALID_INPUT',
    'ICMP',
  ],
])('%o is refused as %s', async (input, code, words) => {
  await using nsx = await lab();
  expect(await nsx.call(explainConnectivity, input)).toMatchObject({
    code,
    message: expect.stringContaining(words),
  });
});
