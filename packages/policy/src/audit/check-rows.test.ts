import { expect, test } from 'vitest';
import { draft } from '../../test/draft.js';
import { hex } from './chain.js';
import { beginning, RowCheck, type Start } from './check-rows.js';
import { canonical, type Draft, type Event, genesis, hashOf } from './event.js';
import type { Signed } from './signed-rows.js';

/** Rows that chain, from one on. */
function rowsOf(drafts: readonly Partial<Draft>[], first = 1): Event[] {
  let prev = genesis;
  return drafts.map((more, i) => {
    const said = draft({ op_id: 'op', ...more });
    const row = {
      ...said,
      seq: first + i,
      event_id: `event-${first + i}`,
      ts: '2026-11-22T08:00:00.000Z',
      clock_regress: 0,
      boot: 'boot',
      pid: 1,
      body: canonical(said.body),
      prev,
    };
    prev = hashOf(row);
    return { ...row, hash: prev };
  });
}

const none = new Map<number, readonly Signed[]>();

function check(rows: readonly Event[], start: Start = beginning, signed = none) {
  const run = new RowCheck(start, signed);
  return { isGood: run.takeAll(rows), ...run.findings() };
}

const reads = (n: number) => Array.from({ length: n }, () => ({}));
const changed = (rows: readonly Event[], at: number, how: (row: Event) => object): Event[] =>
  rows.map((row, i) => (i === at ? { ...row, ...how(row) } : row));

test('rows that chain are counted, with what was before the first and the hash of the last', () => {
  const rows = rowsOf(reads(3));
  expect(check(rows)).toEqual({
    isGood: true,
    rows: 3,
    next: 4,
    head: rows[2]?.hash,
    before: genesis,
    checkpoints: 0,
    in_doubt: 0,
    seals: [],
    pruned: [],
    bad: undefined,
  });
  expect(check(rows.slice(1), { seq: 2 })).toMatchObject({
    isGood: true,
    next: 4,
    before: rows[0]?.hash,
  });
  expect(check([])).toMatchObject({ isGood: true, rows: 0, next: 1, head: undefined });
});

test.each<[string, (rows: Event[]) => (Event | undefined)[], number, string]>([
  ['lacks a row', ([a, , c]) => [a, c], 2, 'Row 2 is missing: the next one is 3.'],
  ['lacks the first row', ([, b]) => [b], 1, 'Row 1 is missing: the next one is 2.'],
  ['has a row twice', ([a, b]) => [a, b, b], 3, 'Row 2 comes again after row 2.'],
  ['has no hash', (rows) => changed(rows, 1, () => ({ hash: null })), 2, 'Row 2 has no hash.'],
  [
    'has a hash that is text',
    (rows) => changed(rows, 1, () => ({ hash: 'x'.repeat(32) })),
    2,
    'Row 2 has no hash.',
  ],
  [
    'has a hash that is too short',
    (rows) => changed(rows, 1, ({ hash }) => ({ hash: hash.subarray(1) })),
    2,
    'Row 2 has no hash.',
  ],
  [
    'has no hash before',
    (rows) => changed(rows, 1, () => ({ prev: null })),
    2,
    'Row 2 has no hash.',
  ],
  [
    'follows another row',
    (rows) => changed(rows, 1, ({ hash }) => ({ prev: hash })),
    2,
    'Row 2 does not follow the row before it.',
  ],
  [
    'does not begin with nothing',
    (rows) => changed(rows, 0, ({ hash }) => ({ prev: hash })),
    1,
    'Row 1 does not follow the row before it.',
  ],
  [
    'was edited',
    (rows) => changed(rows, 1, () => ({ actor: 'bob' })),
    2,
    'Row 2 does not match its hash: it was changed.',
  ],
])('a log that %s is good up to that row', (_what, spoil, seq, problem) => {
  const rows = rowsOf(reads(3));
  expect(check(spoil(rows) as Event[])).toMatchObject({
    isGood: false,
    rows: seq - 1,
    next: seq,
    bad: { seq, problem },
  });
});

test('a row must be the one that was signed, by every signature there is of it', () => {
  const rows = rowsOf(reads(2));
  const right = { hash: hex(rows[1]?.hash ?? genesis) };
  const about = (...signed: Signed[]) => check(rows, beginning, new Map([[2, signed]]));
  expect(about(right, right)).toMatchObject({ isGood: true, checkpoints: 2 });
  expect(about(right, { ...right, hash: 'ab' })).toMatchObject({
    checkpoints: 1,
    bad: {
      seq: 2,
      problem: 'Row 2 is not the row that was signed: the log was rewritten.',
    },
  });
  expect(about({ ...right, fault: 'has a false signature' })).toMatchObject({
    checkpoints: 0,
    bad: { seq: 2, problem: 'The checkpoint at row 2 has a false signature.' },
  });
});

const intent = { phase: 'intent' } as const;
const outcome = { phase: 'outcome' } as const;
const doubt = { phase: 'in_doubt' } as const;
const unmeant = 'is the outcome of a change that has one already or was never intended.';

test.each<[string, Partial<Draft>[], number, number, string | undefined]>([
  ['an intent alone', [intent], 1, 1, undefined],
  ['two intents alone', [intent, { ...intent, op_id: 'b' }], 1, 2, undefined],
  ['an intent with its outcome', [intent, outcome], 1, 0, undefined],
  ['a change in doubt', [intent, doubt], 1, 1, undefined],
  ['a change in doubt of which the intent is gone', [doubt], 7, 1, undefined],
  ['a change that was in doubt', [intent, doubt, outcome], 1, 0, undefined],
  ['an outcome without intent', [outcome], 1, 0, `Row 1 ${unmeant}`],
  ['two outcomes', [intent, outcome, outcome], 1, 0, `Row 3 ${unmeant}`],
  ['an outcome of a change before the first row', [outcome], 2, 0, undefined],
  ['rows of other phases', [{ phase: 'read' }, { phase: 'checkpoint' }], 1, 0, undefined],
])('the story of %s', (_what, drafts, first, in_doubt, problem) => {
  const rows = rowsOf(drafts, first);
  const said = check(rows, first === 1 ? beginning : { seq: first });
  expect(said.bad?.problem).toBe(problem);
  expect(said.in_doubt).toBe(in_doubt);
});

test('seals and prunings are told with the rows that say so, and a seal that tells nothing is bad', () => {
  const range = {
    archive: 'a.db',
    from: 1,
    to: 2,
    sha256: 'ab'.repeat(32),
    last_hash: 'cd'.repeat(32),
  };
  const rows = rowsOf([
    { phase: 'seal', body: range },
    { phase: 'admin', status: 'pruned', body: { pruned: [range] } },
    { phase: 'admin', status: 'held', body: { pruned: [range] } },
    { phase: 'seal', body: {} },
  ]);
  expect(check(rows)).toMatchObject({
    seals: [{ ...range, seq: 1 }],
    pruned: [{ ...range, seq: 2 }],
    bad: { seq: 4, problem: 'Row 4 seals no archive that can be told.' },
  });
});
