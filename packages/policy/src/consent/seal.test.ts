import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isMutating } from '../../../../test/kit/mutating.js';
import { as, lab, labAt } from '../../test/lab.js';
import { caller, plan, planned, tools, verdict } from '../../test/planned-call.js';
import { bundleChild } from '../../test/spawn.js';
import type { Arrival, Target } from '../../test/target.js';
import type { Call } from '../call.js';
import { homeAt } from '../home.js';
import { openSeal, secondsToAgree } from './seal.js';

const fresh = () => homeAt(mkdtempSync(join(tmpdir(), 'seal-')));

const consented = (call: Call, seal: string, by: 'caller' | 'human' = 'caller'): Call => ({
  ...call,
  consent: { seal, by },
});

test('a seal is good for the call and plan it was given for, in another session too', async () => {
  const seals = openSeal(fresh());
  const call = await planned();
  const { seal } = await seals.over(call, 'caller');
  expect(seal.length).toBeLessThanOrEqual(60);
  const again = await planned();
  const other = {
    ...again,
    ...(again.caller ? { caller: { ...again.caller, session: 'other' } } : {}),
  };
  expect(await seals.check(consented(other, seal))).toEqual({ nonce: expect.any(String) });
});

const others: [string, Partial<Call>, string?][] = [
  ['another user', { caller: { ...caller, user: 'bob' } }],
  ['another client', { caller: { ...caller, agent: 'b/1' } }],
  ['another surface', { caller: { ...caller, surface: 'cli' } }],
  ['another tool', { tool: tools.resetCounter }],
  ['another argument', { input: { name: 'blue', by: 1, checked: true } }],
  ['another plan', { plan: { ...plan, requests: ['POST counter:red', 'POST counter:blue'] } }],
  ['another target', {}, 'prod'],
  ['a target whose environment changed', { target: { name: 'lab', environment: 'production' } }],
  ['other rules', { verdict: { ...verdict, rules: 'digest-2' } }],
];

test.each(others)('a seal is no good for %s', async (_what, change, target) => {
  const seals = openSeal(fresh());
  const { seal } = await seals.over(await planned(), 'caller');
  expect(await seals.check(consented(await planned(change, target), seal))).toMatchObject({
    wrong: 'was given for another plan, input, target or caller',
  });
});

test('a seal expires', async () => {
  let now = 1_000_000;
  const seals = openSeal(fresh(), () => now);
  const call = await planned();
  const { seal, expires_at } = await seals.over(call, 'caller');
  expect(Date.parse(expires_at)).toBe(now + secondsToAgree * 1000);
  const good = { nonce: expect.stringMatching(/^[\w-]{16}$/) };
  for (const later of [0, secondsToAgree * 1000]) {
    now = 1_000_000 + later;
    expect(await seals.check(consented(call, seal))).toEqual(good);
  }
  for (const other of [secondsToAgree * 1000 + 1, -1]) {
    now = 1_000_000 + other;
    expect(await seals.check(consented(call, seal))).toEqual({ ...good, wrong: 'has expired' });
  }
});

test('a call without a consent has none, and one that nobody judged has a seal of its own', async () => {
  const seals = openSeal(fresh());
  const call = await planned();
  expect(await seals.check(call)).toEqual({ nonce: '', wrong: 'is not a seal of a preview' });
  const { caller: _caller, verdict: _verdict, ...bare } = call;
  const { seal } = await seals.over(bare, 'caller');
  expect(await seals.check(consented(bare, seal))).toEqual({ nonce: expect.any(String) });
  expect(await seals.check(consented(call, seal))).toHaveProperty('wrong');
});

test('a seal that was shown to the caller is no answer of a person, and the reverse', async () => {
  const seals = openSeal(fresh());
  const call = await planned();
  const wrong = { wrong: 'was not given by the one who was asked' };
  expect(
    await seals.check(consented(call, (await seals.over(call, 'caller')).seal, 'human')),
  ).toMatchObject(wrong);
  expect(
    await seals.check(consented(call, (await seals.over(call, 'human')).seal, 'caller')),
  ).toMatchObject(wrong);
});

test('no bit of a seal can be changed', async () => {
  const seals = openSeal(fresh());
  const call = await planned();
  const bytes = Buffer.from((await seals.over(call, 'caller')).seal.slice(3), 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const forged = Buffer.from(bytes);
    forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(await seals.check(consented(call, `c1.${forged.toString('base64url')}`))).toHaveProperty(
      'wrong',
    );
  }
  for (const text of [
    '',
    'c1.',
    'yes',
    `c2.${bytes.toString('base64url')}`,
    `c1.${'A'.repeat(10_000)}`,
  ])
    expect(await seals.check(consented(call, text))).toMatchObject({
      wrong: 'is not a seal of a preview',
    });
});

test('the key is for its owner only, and one that is broken is an error with a remedy', async () => {
  const home = fresh();
  await openSeal(home).over(await planned(), 'caller');
  expect(statSync(home.sealKey).mode & 0o777).toBe(0o600);
  expect(readFileSync(home.sealKey)).toHaveLength(32);
  writeFileSync(home.sealKey, 'short');
  await expect(openSeal(home).over(await planned(), 'caller')).rejects.toMatchObject({
    code: 'SEAL_KEY_BROKEN',
  });
});

const raising = 'version: 1\ndefault: {write: permit, consent: {medium: seal}}\n';

/** The counter stays as it was shown, so that whoever comes later has the same plan. */
const standStill =
  ({ counters }: Target) =>
  ({ name }: Arrival) =>
    void counters.set(name, { value: -1, note: '', locked: false });

test('one consent used 16 times at once changes something exactly once', async () => {
  await using at = await lab({ rules: raising });
  const preview = await at.call(at.tools.raiseCounter, { name: 'red' });
  at.target.arrived = standStill(at.target);
  const ends = await Promise.all(
    Array.from({ length: 16 }, () => at.agree(at.tools.raiseCounter, { name: 'red' }, preview)),
  );
  expect(ends.filter(({ status }) => status === 'done')).toHaveLength(1);
  expect(ends.filter((end) => 'code' in end && end.code === 'CONSENT_SPENT')).toHaveLength(15);
  expect(at.target.changes()).toHaveLength(1);
});

test('a consent that was spent is called spent, even when the plan is another by now', async () => {
  await using at = await lab({ rules: raising });
  const preview = await at.call(at.tools.raiseCounter, { name: 'red' });
  expect(await at.agree(at.tools.raiseCounter, { name: 'red' }, preview)).toMatchObject({
    status: 'done',
  });
  expect(await at.agree(at.tools.raiseCounter, { name: 'red' }, preview)).toMatchObject({
    code: 'CONSENT_SPENT',
  });
  expect(at.target.changes()).toHaveLength(1);
});

test('a consent outlives the program that gave it, and is spent for the next one too', async () => {
  await using at = await lab({ rules: raising });
  const preview = await at.call(at.tools.raiseCounter, { name: 'red' });
  await at.governed.close();
  await using next = labAt(at.target, at.home.dir);
  expect(await next.agree(next.tools.raiseCounter, { name: 'red' }, preview)).toMatchObject({
    status: 'done',
  });
  const counter = at.target.counters.get('red');
  if (counter) counter.value = 0;
  await using third = labAt(at.target, at.home.dir);
  expect(await third.agree(third.tools.raiseCounter, { name: 'red' }, preview)).toMatchObject({
    code: 'CONSENT_SPENT',
  });
  expect(at.target.changes()).toHaveLength(1);
});

test('a consent is no good for another client, argument, target or tool, nor after an edit of the rules', async () => {
  await using at = await lab({ rules: raising });
  await using other = labAt(at.target, at.home.dir, { agent: 'other' });
  const preview = await at.call(at.tools.raiseCounter, { name: 'red' });
  const ends = [
    await other.agree(other.tools.raiseCounter, { name: 'red' }, preview),
    await at.agree(at.tools.raiseCounter, { name: 'blue' }, preview),
    await at.agree(at.tools.raiseCounter, { name: 'red', by: 2 }, preview),
    await at.agree(at.tools.raiseCounter, { name: 'red' }, preview, { target: 'prod' }),
    await at.agree(at.tools.resetCounter, { name: 'red' }, preview),
  ];
  at.rules(`${raising}# an edit\n`);
  ends.push(await at.agree(at.tools.raiseCounter, { name: 'red' }, preview));
  expect(ends.map(({ status }) => status)).toEqual(Array(6).fill('preview'));
  expect(at.target.changes()).toEqual([]);
  at.rules(raising);
  expect(
    await at.agree(at.tools.raiseCounter, { name: 'red' }, as('preview', preview)),
  ).toMatchObject({ status: 'done' });
});

test.skipIf(isMutating)(
  'two programs that race with one consent change something once',
  {
    timeout: 60_000,
  },
  async () => {
    using program = await bundleChild();
    await using at = await lab({ rules: raising });
    const { dir } = at.home;
    using one = await program.start(dir, at.target.url);
    using two = await program.start(dir, at.target.url);
    for (let round = 1; round <= 10; round += 1) {
      const preview = as('preview', await at.call(at.tools.raiseCounter, { name: 'red' }));
      at.target.arrived = standStill(at.target);
      const how = {
        dryRun: false,
        confirmed: true,
        consent: { seal: preview.consent ?? '', by: 'caller' as const },
      };
      const ask = { call: 'raise_counter', input: { name: 'red' }, how };
      const ends = (await Promise.all([one.ask(ask), two.ask(ask)])) as { status: string }[];
      expect(ends.map(({ status }) => status).sort()).toEqual(['done', 'refused']);
      expect(ends).toContainEqual(expect.objectContaining({ code: 'CONSENT_SPENT' }));
      expect(at.target.changed).toBe(round);
    }
  },
);
