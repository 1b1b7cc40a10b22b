import { beforeAll, expect, test } from 'vitest';
import { freshHome } from '../../test/audit/log-lab.js';
import {
  type Anchor,
  anchors,
  appendAnchor,
  appendRestored,
  checkingKey,
  isRestored,
} from './anchor.js';
import { type Demands, demandsOf, together, upTo } from './signed-rows.js';

const hash = (seq: number) => String(seq).padStart(64, '0');
const row = (seq: number) => ({ seq, hash: hash(seq), ts: '2026-11-22T08:00:00.000Z' });
const home = freshHome();

/** Rows 1, 5 and 9 signed, then a restore that begins with row 5 and has lost up to 9, then row 7. */
let lines: readonly Anchor[];
let restore: string;
beforeAll(() => {
  for (const seq of [1, 5, 9]) appendAnchor(home, row(seq));
  appendRestored(home, { ...row(5), lost_to: 9 });
  appendAnchor(home, row(7));
  lines = anchors(home);
  restore = lines[3]?.sig ?? '';
});

const demanded = (some: readonly Anchor[]): Demands => {
  const key = checkingKey(home);
  if (!key) throw new Error('There is no key.');
  return demandsOf(some, key);
};
const rowsOf = ({ rows }: Pick<Demands, 'rows'>) =>
  [...rows].map(([seq, signed]) => [seq, ...signed]);
const good = (...seqs: number[]) => seqs.map((seq) => [seq, { hash: hash(seq) }]);

test('checkpoints demand their rows, and nothing of a restore', () => {
  const said = demanded(lines.slice(0, 3));
  expect(rowsOf(said)).toEqual(good(1, 5, 9));
  expect(said.restores).toEqual([]);
  expect(said.knownRestores).toEqual(new Set());
});

test('a restore voids what was signed of its row and later ones before, and demands its own', () => {
  const said = demanded(lines);
  expect(rowsOf(said)).toEqual(good(1, 5, 7));
  expect(said.restores).toEqual([lines[3]]);
  expect(said.knownRestores).toEqual(new Set([restore]));
});

test('a row that was signed twice must be both', () => {
  const [first] = lines;
  expect(rowsOf(demanded([first as Anchor, first as Anchor]))).toEqual([
    [1, { hash: hash(1) }, { hash: hash(1) }],
  ]);
});

test.each<[string, (line: Anchor) => Anchor, string]>([
  ['forged', (line) => ({ ...line, sig: 'AAAA' }), 'has a false signature'],
  ['taken for another row', (line) => ({ ...line, seq: 4 }), 'has a false signature'],
])('a restore that was %s voids nothing', (_how, change, fault) => {
  const forged = change(lines[3] as Anchor);
  const said = demanded([...lines.slice(0, 3), forged]);
  const signed = { hash: hash(5), fault };
  expect(said.rows.get(9)).toEqual([{ hash: hash(9) }]);
  expect(said.rows.get(forged.seq)?.at(-1)).toEqual(signed);
  expect(said.restores).toEqual([]);
  expect(said.knownRestores).toEqual(new Set());
});

test('a restore that was copied to where it was not written voids nothing', () => {
  const said = demanded([...lines.slice(0, 2), lines[3] as Anchor]);
  expect(said.rows.get(5)).toEqual([
    { hash: hash(5) },
    { hash: hash(5), fault: 'was copied from elsewhere' },
  ]);
  expect(said.restores).toEqual([]);
});

test('of a log with so many rows nothing is demanded of later ones', () => {
  expect(rowsOf(upTo(demanded(lines), 5))).toEqual(good(1, 5));
  expect(upTo(demanded(lines), 5).restores).toEqual([lines[3]]);
  expect(upTo(demanded(lines), 4).restores).toEqual([]);
  expect(upTo(demanded(lines), 4).knownRestores).toEqual(new Set([restore]));
});

const rowAt = (seq: number): Demands['rows'] => new Map([[seq, [{ hash: hash(seq) }]]]);

test('what was noted elsewhere of later rows is void where a restore was not known, and not where it was', () => {
  const own = demanded(lines);
  const noted = (knownRestores: string[]): Demands => ({
    rows: new Map([...rowAt(2), ...rowAt(5), ...rowAt(8)]),
    restores: [],
    knownRestores: new Set(knownRestores),
  });
  expect(rowsOf(together([own, noted([])]))).toEqual([...good(1, 5, 7), ...good(2)]);
  expect(rowsOf(together([own, noted([restore])]))).toEqual([
    ...good(1),
    [5, { hash: hash(5) }, { hash: hash(5) }],
    ...good(7, 2, 8),
  ]);
});

test('a restore that several say counts once, with the rows that it lost', () => {
  const said = together([demanded(lines), demanded(lines)]);
  expect(said.restores).toEqual([lines[3]]);
  expect(said.lost).toEqual([{ from: 5, to: 9 }]);
});

test('a restore that lost nothing, or one row, says so', () => {
  const lost = (lost_to: number) => {
    const restores = lines.filter(isRestored).map((line) => ({ ...line, lost_to }));
    return together([{ rows: new Map(), restores, knownRestores: new Set() }]).lost;
  };
  expect(lost(0)).toEqual([]);
  expect(lost(4)).toEqual([]);
  expect(lost(5)).toEqual([{ from: 5, to: 5 }]);
});

test('without any demand nothing is demanded', () => {
  expect(together([])).toEqual({ rows: new Map(), restores: [], lost: [] });
});
