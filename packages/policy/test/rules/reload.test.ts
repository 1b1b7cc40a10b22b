import { readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/rules/load.js';
import { bodyOf, lab } from '../lab.js';

/** Two files that differ in both of their rules: one lets counters be raised, the other lets them be reset. */
const a = `version: 1
default: {write: forbid}
rules:
  - {id: a-raise, effect: permit, tools: [raise_*]}
  - {id: a-reset, effect: forbid, tools: [reset_*]}
`;
const b = a
  .replace('a-raise, effect: permit', 'b-raise, effect: forbid')
  .replace('a-reset, effect: forbid', 'b-reset, effect: permit');
const broken = a.replace('rules:', 'rulez:');
const digests = new Map(
  [a, b].map((text) => [digestOf(Buffer.from(text)), text === a ? 'a' : 'b']),
);

type Lab = Awaited<ReturnType<typeof lab>>;

function swap(at: Lab, text: string): void {
  const fresh = `${at.home.rules}.new`;
  writeFileSync(fresh, text, { mode: 0o600 });
  renameSync(fresh, at.home.rules);
}

const raise = (at: Lab) => at.call(at.tools.raiseCounter, { name: 'red' });
const reset = (at: Lab) => at.call(at.tools.resetCounter, { name: 'red' });

test('an edit that keeps the size and the times of a file long at rest is seen by the next call', async () => {
  expect(b).toHaveLength(a.length);
  await using at = await lab({ rules: a });
  const time = new Date('2026-01-01T00:00:00Z');
  utimesSync(at.home.rules, time, time);
  // Only a file whose own change is two seconds old is known by its stamp alone.
  await sleep(2_100);
  expect(await raise(at)).toMatchObject({ status: 'preview' });
  expect(await raise(at)).toMatchObject({ status: 'preview' });
  const before = statSync(at.home.rules);
  writeFileSync(at.home.rules, b);
  utimesSync(at.home.rules, time, time);
  const after = statSync(at.home.rules);
  expect([after.size, after.mtimeMs, after.ino]).toEqual([before.size, before.mtimeMs, before.ino]);
  expect(await raise(at)).toMatchObject({ status: 'refused', rule: 'b-raise' });
});

test('every decision through 1,000 swaps under load comes from exactly one of two files', {
  timeout: 180_000,
}, async () => {
  await using at = await lab({ rules: a });
  let isOver = false;
  let concluded = 0;
  const caller = async () => {
    while (!isOver) {
      for (const call of [raise, reset]) {
        await call(at);
        concluded += 1;
      }
    }
  };
  const callers = [caller(), caller(), caller(), caller()];
  for (let swaps = 1; swaps <= 1_000; swaps++) {
    // Of one call to four: a swap that keeps step with the callers would always meet the same tool.
    const enough = concluded + 1 + (swaps % 4);
    swap(at, swaps % 2 ? b : a);
    while (concluded < enough) await sleep(0);
  }
  isOver = true;
  await Promise.all(callers);

  const rows = at.audit();
  expect(rows).toHaveLength(concluded);
  const allowedBy: Record<string, string> = { a: 'raise_counter', b: 'reset_counter' };
  const counts = new Map<string, number>();
  for (const { rules_sha, rule, tool, decision, phase, body } of rows) {
    const file = digests.get(rules_sha) ?? `none of them: ${body}`;
    expect(rule).toBe(`${file}-${tool.replace('_counter', '')}`);
    expect(decision).toBe(allowedBy[file] === tool ? 'allow' : 'deny');
    expect(phase).toBe(decision === 'allow' ? 'preview' : 'denied');
    counts.set(`${file} ${decision}`, (counts.get(`${file} ${decision}`) ?? 0) + 1);
  }
  expect(counts.size).toBe(4);
  expect(Math.min(...counts.values())).toBeGreaterThan(20);
});

test('a broken file between two good ones refuses, and the old rules never come back', async () => {
  await using at = await lab({ rules: a });
  const inForce = async () => {
    const [first, second] = await Promise.all([raise(at), reset(at)]);
    return [first, second].map((outcome) =>
      outcome.status === 'refused' ? (outcome.rule ?? '') : outcome.status,
    );
  };
  for (let round = 0; round < 40; round++) {
    swap(at, a);
    expect(await inForce()).toEqual(['preview', 'a-reset']);
    swap(at, broken);
    // Whoever looks later finds the same file, and may not fall back on what it held before.
    for (let look = 0; look < 3; look++)
      expect(await inForce()).toEqual(['rules_unavailable', 'rules_unavailable']);
    swap(at, b);
    expect(await inForce()).toEqual(['b-raise', 'preview']);
  }
  const unavailable = at.audit().filter(({ rule }) => rule === 'rules_unavailable');
  expect(unavailable).toHaveLength(240);
  for (const row of unavailable)
    expect(bodyOf(row)).toMatchObject({ where: 'rules.yaml:3:1', by: 'roles' });
  expect(readFileSync(at.home.rules, 'utf8')).toBe(b);
});
