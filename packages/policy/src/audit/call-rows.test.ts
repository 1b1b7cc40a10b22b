import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { freshHome } from '../../test/audit/log-lab.js';
import { countersAt } from '../../test/toolset.js';
import type { Call, Outcome } from '../call.js';
import { credential, type Plan } from '../tool.js';
import { type Event, sha256Hex } from './event.js';
import { openLog, rulesLoaded } from './log.js';
import { lastEvents } from './query.js';
import { Store } from './store.js';

const { tools } = countersAt('http://127.0.0.1:1');
const plan: Plan = {
  summary: 'Raise red',
  changes: ['red is 0'],
  requests: ['POST counter:red'],
  blast_radius: { total: 7, objects: [], reversible: false },
  blockers: ['red is locked.'],
  unmeasured: ['its note'],
};
const bare = {
  id: 'op-1',
  tool: tools.getCounter,
  target: { name: 'lab', environment: 'test' },
  input: { name: 'red' },
} as unknown as Call;
const caller = {
  user: 'ann',
  agent: 'claude/4',
  session: 's-1',
  groups: [],
  surface: 'mcp',
} as const;
const verdict = {
  allowed: true,
  rule: 'lab-only',
  reason: '',
  remedy: '',
  consent: 'seal',
  rules: 'ab'.repeat(32),
} as const;
const raise = { ...bare, tool: tools.raiseCounter } as Call;
const done: Outcome = { status: 'done', output: { name: 'red' } };
const problem = { code: 'CONFLICT', message: 'It is locked.', remedy: 'Wait.' };

/** What of a row the call and its outcome decide. */
function saidBy(row: Event | undefined) {
  if (!row) throw new Error('There is no row.');
  const { seq, event_id, ts, clock_regress, boot, pid, prev, hash, body, ...said } = row;
  return { ...said, body: JSON.parse(body) as unknown };
}

async function concluded(call: Call, outcome: Outcome) {
  const home = freshHome();
  const store = new Store(home);
  const log = openLog(store, 'counters', {}, (text) => `digest of ${text}`);
  await log.conclude(call, outcome, 1.2344);
  store.close();
  return saidBy(lastEvents(home, {}, 1).rows[0]);
}

test('a call that was refused before anybody looked at it has no user, verdict or rules in its row', async () => {
  expect(await concluded(bare, { status: 'refused', by: 'obey', ...problem })).toEqual({
    op_id: 'op-1',
    phase: 'denied',
    skill: 'counters',
    tool: 'get_counter',
    target: 'lab',
    environment: 'test',
    actor: '',
    agent: '',
    session: '',
    risk: 'low',
    decision: '',
    rule: '',
    rules_sha: '',
    args_sha: 'digest of {"name":"red"}',
    status: 'denied',
    duration_us: 1234,
    body: { args: { name: 'red' }, error: problem, by: 'obey' },
  });
});

test('a call that was judged has all of that', async () => {
  const call = { ...bare, caller, verdict };
  expect(await concluded(call, done)).toMatchObject({
    actor: 'ann',
    agent: 'claude/4',
    session: 's-1',
    decision: 'allow',
    rule: 'lab-only',
    rules_sha: 'ab'.repeat(32),
  });
  const denied = { ...bare, caller, verdict: { ...verdict, allowed: false } };
  expect(await concluded(denied, { status: 'refused', by: 'obey', ...problem })).toMatchObject({
    decision: 'deny',
  });
});

const summed = {
  summary: 'Raise red',
  changes: ['red is 0'],
  requests: ['POST counter:red'],
  total: 7,
};
const shown = { plan: summed, blockers: ['red is locked.'], unmeasured: ['its note'] };
const planned = { ...raise, plan };
const answered = { plan, consent: 'seal-1', expires_at: '', hint: '' };

test.each<[string, Call, Outcome, string, string, object]>([
  ['a read', bare, done, 'read', 'ok', { result: { name: 'red' } }],
  ['a change without an intent', raise, done, 'preview', 'ok', { result: { name: 'red' } }],
  [
    'a read that failed',
    bare,
    { status: 'failed', ...problem },
    'read',
    'failed',
    { error: problem },
  ],
  [
    'a change whose answer was lost',
    raise,
    { status: 'unknown', ...problem },
    'preview',
    'unknown',
    { error: problem },
  ],
  [
    'a change that failed after it was planned',
    planned,
    { status: 'failed', ...problem, details: { at: 'host' } },
    'preview',
    'failed',
    { error: { ...problem, details: { at: 'host' } } },
  ],
  [
    'a change that a rule refused',
    planned,
    { status: 'refused', by: 'obey', where: 'rules.yaml:3:5', ...problem },
    'denied',
    'denied',
    { error: problem, by: 'obey', where: 'rules.yaml:3:5', plan: { total: 7 } },
  ],
  ['a preview', raise, { status: 'preview', ...answered }, 'preview', 'preview', shown],
  ['a question', raise, { status: 'question', ...answered }, 'preview', 'asked', shown],
])(
  '%s: its row says how it ended and what is to be known',
  async (_what, call, outcome, phase, status, body) => {
    const row = await concluded(call, outcome);
    expect(row).toMatchObject({ phase, status });
    expect(row.body).toEqual({ args: { name: 'red' }, ...body });
  },
);

test.each(['AUTH_FAILED', 'LOGIN_PAUSED', 'NO_PASSWORD'])(
  '%s is about the login, not the call',
  async (code) => {
    expect(await concluded(bare, { status: 'failed', ...problem, code })).toMatchObject({
      phase: 'auth',
      status: 'failed',
    });
    expect(await concluded(raise, { status: 'refused', by: 'x', ...problem, code })).toMatchObject({
      phase: 'auth',
      status: 'denied',
    });
  },
);

test.each([
  ['nn', 1_020, 2_048, true],
  ['n', 1_021, 2_049, false],
])(
  'an output {%j: [1, ...]} of %i ones, %i characters of text, is in the row whole: %s',
  async (name, ones, length, whole) => {
    const output = { [name]: Array.from({ length: ones }, () => 1) };
    const text = JSON.stringify(output);
    expect(text).toHaveLength(length);
    expect((await concluded(bare, { status: 'done', output })).body).toEqual({
      args: { name: 'red' },
      result: whole ? output : { bytes: length, sha256: sha256Hex(text) },
    });
  },
);

test('of a credential that was handed over the row has its size and digest, and of an answer without one the answer', async () => {
  const tool = {
    ...tools.getCounter,
    output: z.object({ kubeconfig: credential(), token: credential(), name: z.string() }),
  };
  const call = { ...bare, tool } as unknown as Call;
  const output = { kubeconfig: 'für einen', token: 'x', name: 'red' };
  expect((await concluded(call, { status: 'done', output })).body).toEqual({
    args: { name: 'red' },
    handed_over: [
      { field: 'kubeconfig', bytes: 10, sha256: sha256Hex('für einen') },
      { field: 'token', bytes: 1, sha256: sha256Hex('x') },
    ],
  });
  for (const [kubeconfig, told] of [
    ['', ''],
    [7, '***'],
  ])
    expect(
      (await concluded(call, { status: 'done', output: { name: 'red', kubeconfig } })).body,
    ).toEqual({
      args: { name: 'red' },
      result: { name: 'red', kubeconfig: told },
    });
});

test('the row about the rules names their digest and who loaded them, and nothing of any call', () => {
  const { op_id, ...said } = rulesLoaded('counters', userInfo().username, 'ab'.repeat(32));
  expect(op_id).toMatch(/^[0-9a-f-]{36}$/);
  expect(said).toEqual({
    phase: 'policy',
    skill: 'counters',
    tool: 'rules.yaml',
    target: '',
    environment: '',
    actor: userInfo().username,
    agent: '',
    session: '',
    risk: '',
    decision: '',
    rule: '',
    rules_sha: 'ab'.repeat(32),
    args_sha: '',
    status: 'loaded',
    duration_us: 0,
    body: { digest: 'ab'.repeat(32) },
  });
});
