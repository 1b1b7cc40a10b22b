import { renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { freshHome } from '../../test/audit/log-lab.js';
import { bodyOf, story } from '../../test/lab.js';
import { countersAt } from '../../test/toolset.js';
import type { Call, Outcome } from '../call.js';
import type { Plan } from '../tool.js';
import { openLog } from './log.js';
import { lastEvents } from './query.js';
import { Store } from './store.js';

const raise = {
  id: 'op-1',
  tool: countersAt('http://127.0.0.1:1').tools.raiseCounter,
  target: { name: 'lab', environment: 'test' },
  input: { name: 'red' },
} as unknown as Call;
const undo = {
  tool: 'reset_counter',
  input: { name: 'red' },
  expects: { tool: 'get_counter', input: { name: 'red' }, state: { value: 1 } },
};
const plan: Plan = {
  summary: 'Raise red',
  changes: ['red is 0'],
  requests: ['POST counter:red'],
  blast_radius: { total: 7, objects: [], reversible: true },
  blockers: [],
  unmeasured: [],
};
const verdict = { allowed: true, rule: 'a', reason: '', remedy: '', consent: 'seal' } as const;
const done: Outcome = { status: 'done', output: { name: 'red' } };
const problem = { code: 'CONFLICT', message: 'It was used.', remedy: 'Preview again.' };

/** A log of its own with what reads it. */
function logLab(env: NodeJS.ProcessEnv = {}) {
  const home = freshHome();
  const store = new Store(home);
  const log = openLog(store, 'counters', env, (text) => `digest of ${text}`);
  const rows = () => lastEvents(home, {}, 100).rows;
  return { home, log, rows, [Symbol.dispose]: () => store.close() };
}

async function intended(call: Partial<Call>, env: NodeJS.ProcessEnv = {}) {
  using at = logLab(env);
  expect(await at.log.intend({ ...raise, ...call }, [])).toBe(true);
  const [row] = at.rows();
  expect(row).toMatchObject({ op_id: 'op-1', phase: 'intent', status: 'pending', duration_us: 0 });
  return bodyOf(row);
}

test('an intent nobody judged or planned says what agreed to it: the flag', async () => {
  expect(await intended({})).toEqual({ args: { name: 'red' }, consent: { by: 'flag' } });
});

test('an intent says what is planned, who agreed, for which ticket, and how it is taken back', async () => {
  const approved = [{ user: 'bob', at: '2026-01-01T00:00:00.000Z' }];
  const many = Array.from({ length: 60 }, (_, i) => `n ${i}`);
  const body = await intended({
    plan: { ...plan, changes: many, requests: many.slice(1), undo },
    verdict,
    consent: { seal: 'seal-1', by: 'human' },
    approved,
    ticket: 'CHG-1',
    undoes: 'op-0',
  });
  expect(body).toEqual({
    args: { name: 'red' },
    plan: {
      summary: 'Raise red',
      changes: many.slice(0, 50),
      requests: many.slice(1, 51),
      total: 7,
    },
    consent: { needed: 'seal', by: 'human', approved },
    ticket: 'CHG-1',
    undo: expect.any(String),
    undoes: 'op-0',
  });
  expect(JSON.parse(body['undo'] as string)).toEqual(undo);
});

test('an inverse with a secret in it is not written down', async () => {
  const secret = { ...plan, undo: { ...undo, input: { note: 'password=hunter22' } } };
  expect(await intended({ plan: secret })).not.toHaveProperty('undo');
});

test.each([
  [{ VMWARE_AUDIT_APPROVED_BY: 'boss' }, { approved_by: 'boss' }],
  [{ VMWARE_AUDIT_RATIONALE: 'because' }, { rationale: 'because' }],
  [{ VMWARE_AUDIT_APPROVED_BY: '', VMWARE_AUDIT_RATIONALE: '' }, undefined],
])('of an environment with %j an intent has the claims that are there', async (env, claims) => {
  expect(await intended({}, env)).toEqual({
    args: { name: 'red' },
    consent: { by: 'flag' },
    ...(claims && { claims }),
  });
});

test('a change has its outcome once, without the arguments again; later rows of it are no outcome', async () => {
  using at = logLab();
  await at.log.intend(raise, ['nonce']);
  for (const _ of [1, 2]) await at.log.conclude(raise, done, 1);
  expect(story(at.rows())).toEqual(['intent pending', 'outcome ok', 'preview ok']);
  expect(bodyOf(at.rows()[1])).toEqual({ result: { name: 'red' } });
  expect(bodyOf(at.rows()[2])).toEqual({ args: { name: 'red' }, result: { name: 'red' } });
});

test('an intent whose consent was spent is not written, and its call has no outcome', async () => {
  using at = logLab();
  expect(await at.log.isSpent('nonce')).toBe(false);
  expect(await at.log.intend(raise, ['nonce'])).toBe(true);
  expect(await at.log.isSpent('nonce')).toBe(true);
  const again = { ...raise, id: 'op-2' };
  expect(await at.log.intend(again, ['nonce'])).toBe(false);
  await at.log.conclude(again, { status: 'refused', by: 'confirm', ...problem }, 0);
  expect(story(at.rows())).toEqual(['intent pending', 'denied denied']);
});

test('a log that is gone is not ready', async () => {
  using at = logLab();
  await at.log.ready();
  expect(at.rows()).toEqual([]);
  renameSync(at.home.auditDb, `${at.home.auditDb}-aside`);
  await expect(at.log.ready()).rejects.toMatchObject({
    code: 'AUDIT_UNAVAILABLE',
    message: `The audit log cannot be written: ${at.home.auditDb} was removed or replaced while it was open.`,
  });
});
