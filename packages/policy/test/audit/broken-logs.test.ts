import { cpSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveDir, archiveName } from '../../src/audit/archives.js';
import { openDatabase } from '../../src/audit/driver.js';
import { columns, type Event } from '../../src/audit/event.js';
import { rotate } from '../../src/audit/rotate.js';
import { verifyLog } from '../../src/audit/verify.js';
import type { Home } from '../../src/home.js';
import { fill, quickHome, tamper } from './log-lab.js';
import { altered, rehashed } from './mutations.js';
import { askPython, hasPython } from './python.js';
import { pick, randomOf } from './random-log.js';

/** Rows 1-300 and 301-601 in archives, 602-1000 live; signed at the end and by each seal. */
const archived = [
  [1, 300],
  [301, 601],
] as const;
const live = 602;
const size = 1_000;
const cases = 300;
let log: Home;

beforeAll(async () => {
  log = quickHome();
  await fill(log, 400);
  await rotate(log, { rows: 100 });
  await fill(log, 300);
  await rotate(log, { rows: 100 });
  await fill(log, size - 702);
});
afterAll(() => rmSync(log.dir, { recursive: true }));

const archive = (home: Home, n: 0 | 1): string =>
  join(archiveDir(home), archiveName(archived[n][0], archived[n][1]));

/** The file that has a row, and the last row in it. */
const placeOf = (home: Home, seq: number): { file: string; last: number } => {
  if (seq >= live) return { file: home.auditDb, last: size };
  return seq <= 300 ? { file: archive(home, 0), last: 300 } : { file: archive(home, 1), last: 601 };
};

type Random = () => number;
const anyRow = (random: Random) => 1 + Math.floor(random() * size);

function rowOf(file: string, seq: number): Event {
  const { db } = openDatabase(file);
  const row = db.prepare('SELECT * FROM event WHERE seq = ?').get(seq) as Event;
  db.close();
  return row;
}

function overwrite(file: string, seq: number, row: Event): void {
  const { db } = openDatabase(file);
  db.exec('DROP TRIGGER IF EXISTS event_is_append_only_update');
  const set = columns.map((column) => `${column} = ?`).join(', ');
  db.prepare(`UPDATE event SET ${set} WHERE seq = ?`).run(
    ...columns.map((column) => row[column]),
    seq,
  );
  db.close();
}

/** Moves rows after one up by one, and puts a row into the gap. */
function insert(file: string, after: number, row: Event): void {
  tamper(
    file,
    `UPDATE event SET seq = -seq WHERE seq > ${after}; UPDATE event SET seq = 1 - seq WHERE seq < 0`,
  );
  const { db } = openDatabase(file);
  db.prepare(
    `INSERT INTO event(${columns.join(', ')}) VALUES(${columns.map(() => '?').join(', ')})`,
  ).run(...columns.map((column) => row[column]));
  db.close();
}

/** Each breaks a copy of the log and says which row is the first bad one. */
const ways: readonly ((home: Home, random: Random) => number)[] = [
  function editCell(home, random) {
    const seq = anyRow(random);
    const { file } = placeOf(home, seq);
    const row = rowOf(file, seq);
    const column = pick(random, columns);
    if (column === 'seq') {
      const { last } = placeOf(home, seq);
      tamper(file, `UPDATE event SET seq = ${last + 1_000} WHERE seq = ${seq}`);
    } else overwrite(file, seq, altered(row, column));
    return seq;
  },
  function deleteRow(home, random) {
    const seq = anyRow(random);
    tamper(placeOf(home, seq).file, `DELETE FROM event WHERE seq = ${seq}`);
    return seq;
  },
  function swapRows(home, random) {
    const seq = pick(random, [1, 299, 301, 600, live, 999, 1 + Math.floor(random() * 299)]);
    const { file } = placeOf(home, seq);
    tamper(
      file,
      `UPDATE event SET seq = -1 WHERE seq = ${seq}; UPDATE event SET seq = ${seq} WHERE seq = ${seq + 1}; UPDATE event SET seq = ${seq + 1} WHERE seq = -1`,
    );
    return seq;
  },
  function doubleRow(home, random) {
    const seq = anyRow(random);
    const { file } = placeOf(home, seq);
    insert(file, seq, { ...rowOf(file, seq), seq: seq + 1, event_id: 'another' });
    return seq + 1;
  },
  function forgeRow(home, random) {
    const seq = live + Math.floor(random() * (size - live));
    const before = rowOf(home.auditDb, seq);
    const forged = { ...before, seq: seq + 1, event_id: 'forged', prev: before.hash };
    insert(home.auditDb, seq, rehashed(forged));
    // The checkpoint at the end is of another row then.
    return Math.min(seq + 2, size);
  },
  function editAndHash(home, random) {
    const seq = live + Math.floor(random() * (size - live));
    overwrite(home.auditDb, seq, rehashed({ ...rowOf(home.auditDb, seq), actor: 'bob' }));
    return seq === 702 || seq === size ? seq : seq + 1;
  },
  function cutTail(home, random) {
    const last = live - 1 + Math.floor(random() * (size - live + 1));
    tamper(home.auditDb, `DELETE FROM event WHERE seq > ${last}`);
    return last + 1;
  },
  function removeArchive(home, random) {
    const n = pick(random, [0, 1] as const);
    unlinkSync(archive(home, n));
    return archived[n][0];
  },
  function renameArchive(home, random) {
    const n = pick(random, [0, 1] as const);
    renameSync(archive(home, n), join(archiveDir(home), 'elsewhere.db'));
    return archived[n][0];
  },
  function swapArchives(home) {
    const aside = join(archiveDir(home), 'aside');
    renameSync(archive(home, 0), aside);
    renameSync(archive(home, 1), archive(home, 0));
    renameSync(aside, archive(home, 1));
    return 1;
  },
  function nameArchiveFalsely(home) {
    renameSync(archive(home, 1), join(archiveDir(home), archiveName(301, 500)));
    return 501;
  },
  function touchArchive(home, random) {
    const n = pick(random, [0, 1] as const);
    tamper(archive(home, n), 'PRAGMA user_version = 7');
    return archived[n][0];
  },
  function unsealArchive(home) {
    overwrite(archive(home, 1), 401, {
      ...rowOf(archive(home, 1), 401),
      phase: 'admin',
    });
    return 401;
  },
  function replaceArchive(home, random) {
    const n = pick(random, [0, 1] as const);
    const [, to] = archived[n];
    tamper(archive(home, n), `DELETE FROM event WHERE seq = ${to}`);
    return to;
  },
];

const copies: { home: Home; expected: number; what: string }[] = [];

test(`${cases} logs that were broken in ${ways.length} ways are found, and the first bad row is named`, {
  timeout: 300_000,
}, () => {
  for (let n = 0; n < cases; n += 1) {
    const random = randomOf(n);
    const way = pick(random, ways);
    const home = quickHome();
    rmSync(home.dir, { recursive: true });
    cpSync(log.dir, home.dir, { recursive: true });
    const expected = way(home, random);
    const what = `${n}: ${way.name}`;
    expect(verifyLog(home), what).toMatchObject({ verdict: 'tampered', first_bad_row: expected });
    copies.push({ home, expected, what });
  }
  expect(new Set(copies.map(({ what }) => what.split(': ')[1])).size).toBe(ways.length);
});

test.runIf(hasPython)('the independent verifier names the same rows', { timeout: 300_000 }, () => {
  const { said } = askPython(...copies.map(({ home }) => home.dir));
  expect(
    said.map(({ verdict, first_bad_row }, i) => [copies[i]?.what, verdict, first_bad_row]),
  ).toEqual(copies.map(({ what, expected }) => [what, 'tampered', expected]));
  for (const { home } of copies) rmSync(home.dir, { recursive: true });
});
