import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { as, bodyOf, lab, story } from '../../test/lab.js';
import { govern } from '../open.js';
import { lastEvents } from './query.js';
import { verifyLog } from './verify.js';

test('the intent of a change is in the log before its first byte arrives at the target', async () => {
  await using at = await lab();
  const seen: string[][] = [];
  at.target.arrived = () => seen.push(story(at.audit()));
  await at.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false });
  await at.change(at.tools.deleteCounter, { name: 'red' });
  expect(seen).toEqual([
    ['intent pending'],
    ['intent pending', 'outcome ok', 'preview preview', 'intent pending'],
  ]);
});

test('every kind of row says who, what, where, by which rule, and how it ended', async () => {
  await using at = await lab({ agent: 'claude/4' });
  await at.call(at.tools.getCounter, { name: 'red' }, { target: 'prod' });
  await at.call(at.tools.raiseCounter, { name: 'red' });
  await at.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false });
  await at.call(at.tools.raiseCounter, { name: 'no-such' }, { dryRun: false });
  await at.call(at.tools.getCounter, {} as never);
  const rows = at.audit();
  expect(story(rows)).toEqual([
    'read ok',
    'preview preview',
    'intent pending',
    'outcome ok',
    'preview failed',
    'denied denied',
  ]);
  for (const row of rows) {
    expect(row).toMatchObject({
      skill: 'counters',
      actor: userInfo().username,
      agent: 'claude/4',
      pid: process.pid,
    });
    expect(row.ts).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(row.args_sha).toMatch(/^[0-9a-f]{64}$/);
    expect([row.event_id, row.session, row.boot].every(Boolean)).toBe(true);
  }
  for (const row of rows.slice(0, 5)) {
    expect(row).toMatchObject({ decision: 'allow', rule: 'default' });
    expect(row.rules_sha).toMatch(/^[0-9a-f]{64}$/);
  }
  expect(rows[0]).toMatchObject({
    tool: 'get_counter',
    target: 'prod',
    environment: 'production',
    risk: 'low',
  });
  expect(rows[3]).toMatchObject({
    tool: 'raise_counter',
    target: 'lab',
    environment: 'lab',
    risk: 'medium',
  });
  expect(rows[3]?.duration_us).toBeGreaterThan(0);
  expect(bodyOf(rows[0])).toMatchObject({
    args: { name: 'red' },
    result: { name: 'red', value: 0 },
  });
  expect(bodyOf(rows[2])).toMatchObject({
    plan: { requests: ['POST counter:red'], total: 1 },
    consent: { by: 'flag', needed: 'flag' },
  });
  expect(bodyOf(rows[3])).toMatchObject({ result: { name: 'red', value: 1 } });
  expect(bodyOf(rows[4])).toMatchObject({ error: { code: 'NOT_FOUND' } });
});

test('preview, intent and outcome of one input have one digest, and another input has another', async () => {
  await using at = await lab();
  const preview = as('preview', await at.call(at.tools.deleteCounter, { name: 'red' }));
  await at.agree(at.tools.deleteCounter, { name: 'red' }, preview);
  await at.call(at.tools.deleteCounter, { name: 'blue' });
  const digests = at.audit().map(({ args_sha }) => args_sha);
  expect(new Set(digests.slice(0, 3)).size).toBe(1);
  expect(digests[3]).not.toBe(digests[0]);
});

test('a list is logged as its counts, not its rows', async () => {
  await using at = await lab();
  await at.call(at.tools.listCounters, {});
  expect(bodyOf(at.audit()[0])).toMatchObject({
    result: { returned: 3, total: 3, truncated: false },
  });
  expect(at.audit()[0]?.body).not.toContain('green');
});

test('secrets enter no row, whatever they come in', async () => {
  await using at = await lab();
  const secrets = [
    's3cr3t-pin',
    'tok-4711',
    'Passw0rd!x',
    'hunter22',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  ];
  const [pin, token, password, inUrl, jwt] = secrets;
  const note = `password=${password} https://root:${inUrl}@esx07/ Authorization: Bearer ${jwt}`;
  at.target.counters.set('red', { value: 0, note, locked: false });
  await at.call(at.tools.getCounter, { name: 'red' });
  await at.call(
    at.tools.raiseCounter,
    { name: 'red', pin, tag: `token=${token}` },
    { dryRun: false },
  );
  await at.call(at.tools.raiseCounter, { name: 'red', pin: [pin], api_key: token } as never);
  await at.call(at.tools.getCounter, { name: `x password=${password}` });
  const text = JSON.stringify(at.audit());
  expect(at.audit()).toHaveLength(5);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  expect(bodyOf(at.audit()[1])).toMatchObject({ args: { pin: '***' } });
});

test('what the environment claims is recorded and approves nothing', async () => {
  await using at = await lab();
  const env = { VMWARE_AUDIT_APPROVED_BY: 'boss', VMWARE_AUDIT_RATIONALE: 'because' };
  const own = govern(at.toolset, { home: at.home, env });
  const how = { surface: 'mcp', dryRun: false, confirmed: true } as const;
  expect(await own.answer('delete_counter', { name: 'red' }, how)).toMatchObject({
    status: 'preview',
  });
  await own.answer('raise_counter', { name: 'red' }, how);
  await own.close();
  expect(bodyOf(at.audit()[1])).toMatchObject({
    claims: { approved_by: 'boss', rationale: 'because' },
  });
  expect(at.target.changes()).toHaveLength(1);
});

test('a program that ends signs what it wrote, and its log is intact', async () => {
  await using at = await lab();
  const own = govern(at.toolset, { home: at.home, env: {}, longLived: true });
  for (const name of ['red', 'green', 'blue'])
    await own.answer('get_counter', { name }, { surface: 'mcp' });
  await own.close();
  expect(verifyLog(at.home)).toMatchObject({ verdict: 'intact', rows: 3, checkpoints: 1 });
  expect(lastEvents(at.home, { tool: 'get_counter', status: 'ok' }, 2)).toMatchObject({
    total: 3,
    rows: [{ seq: 2 }, { seq: 3 }],
  });
});
