import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { anchors, appendAnchor } from '../../src/audit/anchor.js';
import { hex } from '../../src/audit/chain.js';
import { beginning, RowCheck } from '../../src/audit/check-rows.js';
import { openDatabase } from '../../src/audit/driver.js';
import { columns, type Event, hashOf } from '../../src/audit/event.js';
import { lastEvents } from '../../src/audit/query.js';
import { verifyLog } from '../../src/audit/verify.js';
import type { Home } from '../../src/home.js';
import { fill, freshHome, tamper } from './log-lab.js';
import { altered, rehashed } from './mutations.js';

const size = 1_000;
const signedEvery = 125;
let home: Home;
let rows: Event[];

beforeAll(async () => {
  home = freshHome();
  for (let i = 0; i < size; i += signedEvery) await fill(home, signedEvery);
  rows = lastEvents(home, {}, size).rows;
});

const at = (seq: number): Event => {
  const row = rows[seq - 1];
  if (!row) throw new Error(`No row ${seq}`);
  return row;
};

/** The first bad row when these rows follow row `seq - 1`, which is good: what is before does not change it. */
function firstBad(seq: number, after: readonly Event[]): number | undefined {
  const start = seq === 1 ? beginning : { seq, prev: at(seq - 1).hash };
  const check = new RowCheck(start, new Map());
  check.takeAll(after);
  return check.findings().bad?.seq;
}

test('a log of the real writer has rows, and checkpoints that agree', () => {
  expect(rows).toHaveLength(size);
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', checkpoints: size / signedEvery });
  expect(firstBad(1, rows)).toBeUndefined();
});

for (const column of columns)
  test(`an edited ${column} of each of ${size} rows is found, and the row is named`, () => {
    for (const row of rows) expect(firstBad(row.seq, [altered(row, column)])).toBe(row.seq);
  });

test('each row that is deleted, changes places with the next, is doubled or has one forged after it is found', () => {
  for (let seq = 1; seq < size; seq += 1) {
    const [row, next] = [at(seq), at(seq + 1)];
    expect(firstBad(seq, [next]), 'deleted').toBe(seq);
    expect(firstBad(seq, [{ ...next, seq }]), 'deleted, and the rest moved up').toBe(seq);
    const swapped = [
      { ...next, seq },
      { ...row, seq: seq + 1 },
    ];
    expect(firstBad(seq, swapped), 'swapped').toBe(seq);
    expect(firstBad(seq, [row, row]), 'doubled as it is').toBe(seq + 1);
    expect(firstBad(seq, [row, { ...row, seq: seq + 1 }]), 'doubled').toBe(seq + 1);
    const forged = { ...next, actor: 'bob', prev: row.hash };
    expect(firstBad(seq, [row, forged]), 'forged').toBe(seq + 1);
    const chained = { ...forged, hash: hashOf(forged) };
    const moved = { ...next, seq: seq + 2 };
    expect(firstBad(seq, [row, chained, moved]), 'forged and hashed').toBe(seq + 2);
  }
});

test('a row that is edited and hashed anew is found by the row after it', () => {
  for (let seq = 1; seq < size; seq += 1)
    expect(firstBad(seq, [rehashed({ ...at(seq), actor: 'bob' }), at(seq + 1)])).toBe(seq + 1);
});

test('a log that is rewritten from any of 200 rows on is found at the next checkpoint', () => {
  const signed = new Map(anchors(home).map(({ seq, hash }) => [seq, [{ hash }]]));
  for (let seq = 1; seq <= size; seq += size / 200) {
    const check = new RowCheck(seq === 1 ? beginning : { seq, prev: at(seq - 1).hash }, signed);
    let prev: Uint8Array = at(seq).prev;
    for (const row of rows.slice(seq - 1)) {
      const forged = rehashed({ ...row, actor: row.seq === seq ? 'bob' : row.actor, prev });
      prev = forged.hash;
      if (!check.take(forged)) break;
    }
    const nextSigned = Math.ceil(seq / signedEvery) * signedEvery;
    expect(check.findings().bad?.seq).toBe(nextSigned);
  }
});

test('a tail that is cut off at any of 200 places is found', { timeout: 60_000 }, () => {
  const copy = freshHome();
  copyLog(copy);
  for (let last = size - 5; last >= 0; last -= size / 200) {
    tamper(copy.auditDb, `DELETE FROM event WHERE seq > ${last}`);
    expect(verifyLog(copy)).toMatchObject({ verdict: 'tampered', first_bad_row: last + 1 });
  }
});

test('an older copy of the log under the checkpoints of now is found', () => {
  for (const last of [1, 250, 874, 999]) {
    const older = freshHome();
    copyLog(older);
    tamper(older.auditDb, `DELETE FROM event WHERE seq > ${last}`);
    writeFileSync(
      older.auditAnchor,
      anchors(home)
        .filter(({ seq }) => seq <= last)
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    );
    expect(verifyLog(older), 'with its own checkpoints').toMatchObject({ verdict: 'intact' });
    expect(verifyLog(older, { anchor: home.auditAnchor })).toMatchObject({
      verdict: 'tampered',
      first_bad_row: last + 1,
    });
  }
});

test('a row with the seq of another is found in a table that would hold both', () => {
  const copy = freshHome();
  copyLog(copy);
  tamper(
    copy.auditDb,
    `CREATE TABLE other AS SELECT * FROM event; DROP TABLE event; ALTER TABLE other RENAME TO event;
     INSERT INTO event SELECT * FROM event WHERE seq = 500`,
  );
  expect(verifyLog(copy)).toMatchObject({ verdict: 'tampered', first_bad_row: 501 });
});

test('a checkpoint of a row that is not written yet, or of a second outcome, is found', async () => {
  const copy = freshHome();
  copyLog(copy);
  appendAnchor(copy, { seq: size + 1, hash: hex(at(1).hash), ts: at(1).ts });
  expect(verifyLog(copy)).toMatchObject({ verdict: 'tampered', first_bad_row: size + 1 });

  const twice = freshHome();
  await fill(twice, 1, { phase: 'intent', op_id: 'a' });
  await fill(twice, 1, { phase: 'outcome', op_id: 'a' });
  tamper(twice.auditDb, 'DROP INDEX one_outcome');
  await fill(twice, 1, { phase: 'outcome', op_id: 'a' });
  expect(verifyLog(twice)).toMatchObject({ verdict: 'tampered', first_bad_row: 3 });
});

function copyLog(to: Home): void {
  rmSync(to.dir, { recursive: true });
  const { db } = openDatabase(home.auditDb);
  db.close();
  cpSync(home.dir, to.dir, { recursive: true });
}
