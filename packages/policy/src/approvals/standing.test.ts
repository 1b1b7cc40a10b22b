import { chmodSync, chownSync, copyFileSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { caller, plan, planned, tools, verdict } from '../../test/planned-call.js';
import { canonical, sha256Hex } from '../audit/event.js';
import { homeAt } from '../home.js';
import type { ApprovalSettings } from '../rules/settings.js';
import { openApprovals } from './approvals.js';
import { type ApprovalRequest, type Decision, isSameSubject, subjectOf } from './request.js';
import { Spool } from './spool.js';

const noon = Date.parse('2026-11-28T12:00:00.000Z');
const alone = { people: 1, secondPerson: false };
const me = userInfo().username;

/** Approvals at a moment that the test sets, over a folder that the test may write in too. */
function desk({ mode = 0o1777, ...settings }: ApprovalSettings & { mode?: number } = {}) {
  const home = homeAt(mkdtempSync(join(tmpdir(), 'desk-')));
  const directory = mkdtempSync(join(tmpdir(), 'desk-spool-'));
  chmodSync(directory, mode);
  const at = { now: noon };
  const spent = new Set<string>();
  const approvals = openApprovals({
    home,
    skill: 'counters',
    rules: async () => ({ approvals: { directory, ...settings } }) as never,
    isSpent: async (nonce) => spent.has(nonce),
    digest: sha256Hex,
    now: () => at.now,
  });
  const spool = new Spool(directory);
  const decide = (id: string, change: Partial<Decision> = {}) =>
    spool.decide({
      v: 1,
      id,
      decision: 'approved',
      request_sha: spool.request(id)?.sha ?? '',
      reason: '',
      at: '2026-11-28T12:01:00.000Z',
      ...change,
    });
  return { approvals, at, spent, spool, directory, decide };
}

test('a request stands for 30 minutes, or as long as the rules say, and is then another', async () => {
  for (const [settings, minutes] of [
    [{}, 30],
    [{ minutes: 5 }, 5],
  ] as const) {
    const { approvals, at, spool } = desk(settings);
    const call = await planned();
    const first = await approvals.stand(call, alone);
    expect(first).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      nonce: `approval:${first.id}`,
      expires_at: new Date(noon + minutes * 60_000).toISOString(),
      approved: [],
    });
    expect(spool.request(first.id)?.value).toMatchObject({
      v: 1,
      requested_at: '2026-11-28T12:00:00.000Z',
      expires_at: first.expires_at,
    });
    at.now = noon + minutes * 60_000 - 1;
    expect((await approvals.stand(call, alone)).id).toBe(first.id);
    at.now += 1;
    expect((await approvals.stand(call, alone)).id).not.toBe(first.id);
  }
});

test('a request of a time that is yet to come is none: the clock was set back', async () => {
  const { approvals, at } = desk();
  const { id } = await approvals.stand(await planned(), alone);
  at.now = noon - 1;
  expect((await approvals.stand(await planned(), alone)).id).not.toBe(id);
});

test('a request whose change was made is over', async () => {
  const { approvals, spent, spool } = desk();
  const { id, nonce } = await approvals.stand(await planned(), alone);
  spent.add(nonce);
  const next = await approvals.stand(await planned(), alone);
  expect(next.id).not.toBe(id);
  await approvals.settle(id);
  expect(spool.requests().map(({ value }) => value.id)).toEqual([next.id]);
});

test('who approved and when, and who rejected and why', async () => {
  const { approvals, decide } = desk();
  const { id } = await approvals.stand(await planned(), alone);
  decide(id);
  const yes = { user: me, at: '2026-11-28T12:01:00.000Z' };
  expect(await approvals.stand(await planned(), alone)).toMatchObject({ id, approved: [yes] });
  decide(id, { decision: 'rejected', reason: 'not today' });
  const rejected = await approvals.stand(await planned(), alone);
  expect(rejected.approved).toEqual([]);
  expect(rejected.rejected).toEqual({ user: me, reason: 'not today' });
});

test('an approval of other bytes than those that stand, or of oneself where another must, is none', async () => {
  const { approvals, decide } = desk();
  const { id } = await approvals.stand(await planned(), alone);
  decide(id, { request_sha: 'ab'.repeat(32) });
  expect((await approvals.stand(await planned(), alone)).approved).toEqual([]);
  const another = await approvals.stand(await planned(), { people: 1, secondPerson: true });
  expect(another.id).not.toBe(id);
  decide(another.id);
  expect(
    (await approvals.stand(await planned(), { people: 1, secondPerson: true })).approved,
  ).toEqual([]);
});

test('whom the rules name may approve, and whoever asked may where nobody else must', async () => {
  const { approvals, decide } = desk({ from: ['nobody-here'] });
  const { id } = await approvals.stand(await planned(), alone);
  decide(id);
  expect((await approvals.stand(await planned(), alone)).approved).toHaveLength(1);
});

test.runIf(process.getuid?.() === 0)(
  'of two others the one approves whom the rules name',
  async () => {
    for (const [from, users] of [
      [undefined, ['bin', 'nobody']],
      [['nob*'], ['nobody']],
      [['root'], []],
    ] as const) {
      const { approvals, decide, directory } = desk(from ? { from: [...from] } : {});
      const need = { people: 1, secondPerson: true };
      const { id } = await approvals.stand(await planned(), need);
      const file = decide(id);
      for (const uid of [2, 65_534]) {
        const theirs = join(directory, `${id}.by-${uid}.json`);
        copyFileSync(file, theirs);
        chownSync(theirs, uid, uid);
      }
      const { approved } = await approvals.stand(await planned(), need);
      expect(approved.map(({ user }) => user)).toEqual(users);
    }
  },
);

test.runIf(process.getuid?.() === 0)(
  'a like request of another user is not taken for one of our own',
  async () => {
    const { approvals, directory } = desk();
    const { id } = await approvals.stand(await planned(), alone);
    chownSync(join(directory, `${id}.request.json`), 65_534, 65_534);
    expect((await approvals.stand(await planned(), alone)).id).not.toBe(id);
  },
);

test('where nobody else can write, nobody else can be asked', async () => {
  const { approvals, directory } = desk({ mode: 0o700 });
  await expect(
    approvals.stand(await planned(), { people: 1, secondPerson: true }),
  ).rejects.toMatchObject({
    code: 'APPROVALS_UNSAFE',
    message: `Another person has to agree to this, and nobody else can write in ${directory}.`,
    remedy:
      'Run `sudo install -d -m 1777 /var/lib/vmware-approvals`, or name a folder in approvals.directory of rules.yaml.',
  });
  expect(readdirSync(directory)).toEqual([]);
});

const subject = (call: Awaited<ReturnType<typeof planned>>) =>
  subjectOf('counters', call, { people: 2, secondPerson: true }, (text) => `sha of ${text}`);

test('what a person is asked is all that is done, by whom and where, in clear and cleaned', async () => {
  const call = await planned({
    ticket: 'CHG1',
    plan: { ...plan, summary: 'Raise\u202e red', changes: ['a', 'b'] },
  });
  expect(subject(call)).toEqual({
    skill: 'counters',
    tool: 'raise_counter',
    risk: 'medium',
    target: 'lab',
    environment: call.target.environment,
    requester: 'ann',
    agent: 'a/1',
    ticket: 'CHG1',
    input: call.input,
    input_sha: `sha of ${canonical(call.input)}`,
    plan: {
      summary: 'Raise red',
      changes: ['a', 'b'],
      requests: ['POST counter:red'],
      total: 1,
      reversible: true,
    },
    rules: 'digest-1',
    people: 2,
    second_person: true,
  });
});

test('without a ticket, a caller or a verdict they are empty, and without a plan nobody is asked', async () => {
  const call = await planned();
  expect(subject(call).ticket).toBeNull();
  const { caller: _caller, verdict: _verdict, ...bare } = call;
  expect(subject(bare)).toMatchObject({ requester: '', agent: '', rules: '' });
  const { plan: _plan, ...unplanned } = call;
  expect(() => subject(unplanned)).toThrow('raise_counter has no plan that could be agreed to');
});

test.each<[string, Parameters<typeof planned>[0]]>([
  ['user', { caller: { ...caller, user: 'bob' } }],
  ['agent', { caller: { ...caller, agent: 'b' } }],
  ['tool', { tool: tools.resetCounter }],
  ['input', { input: { name: 'blue' } }],
  ['ticket', { ticket: 'CHG2' }],
  ['rules', { verdict: { ...verdict, rules: 'digest-2' } }],
  ['change', { plan: { ...plan, changes: ['c'] } }],
  ['request', { plan: { ...plan, requests: [] } }],
])('another %s is another subject', async (_what, change) => {
  const one = subject(await planned());
  expect(isSameSubject(one, subject(await planned()))).toBe(true);
  expect(isSameSubject(one, subject(await planned(change)))).toBe(false);
});

test('a request holds the subject that was asked about', async () => {
  const { approvals, spool } = desk();
  const call = await planned();
  const { id } = await approvals.stand(call, alone);
  const { value } = spool.request(id) as { value: ApprovalRequest };
  expect(value.subject).toEqual(subjectOf('counters', call, alone, sha256Hex));
});
