import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { howOften, isMutating } from '../../../../test/kit/mutating.js';
import { draft } from '../../test/draft.js';
import { type Home, homeAt } from '../home.js';
import { openDatabase } from './driver.js';
import { columns, type Event, genesis, hashOf } from './event.js';
import { Store } from './store.js';
import { type VerifyOptions, verifyLog } from './verify.js';

const size = isMutating ? 8 : 30;
let original: Home;

beforeAll(async () => {
  original = await logOf(size);
});

async function logOf(rows: number): Promise<Home> {
  const home = homeAt(mkdtempSync(join(tmpdir(), 'verify-')));
  const store = new Store(home);
  await Promise.all(
    Array.from({ length: rows }, (_, i) =>
      store.append(draft({ rule: `r${i}`, body: { i, text: `ü${i}` } })),
    ),
  );
  store.anchor({ always: true });
  store.close();
  return home;
}

/** Verifies a copy of the log after somebody with write access to the file has been at it. */
function after(
  tamper: (exec: (sql: string, ...values: unknown[]) => unknown[], home: Home) => void,
  options: VerifyOptions = {},
) {
  const home = homeAt(mkdtempSync(join(tmpdir(), 'tampered-')));
  for (const file of ['auditDb', 'auditAnchor', 'auditKey'] as const)
    copyFileSync(original[file], home[file]);
  const { db } = openDatabase(home.auditDb);
  db.exec(
    'PRAGMA synchronous = OFF; DROP TRIGGER event_is_append_only_update; DROP TRIGGER event_is_append_only_delete',
  );
  tamper((sql, ...values) => {
    const statement = db.prepare(sql);
    return sql.startsWith('SELECT') ? statement.all(...values) : [statement.run(...values)];
  }, home);
  db.close();
  return verifyLog(home, options);
}

/** Another value that the column accepts. */
function other(column: keyof Event, value: unknown): unknown {
  if (column === 'phase') return value === 'read' ? 'admin' : 'read';
  if (column === 'seq') return (value as number) + 1_000;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return `${value} `;
  const bytes = Buffer.from(value as Uint8Array);
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  return bytes;
}

const setOf = columns.map((column) => `${column} = ?`).join(', ');

/** Writes rows over those of the log, chained and hashed anew from the first on. */
function rehash(
  exec: (sql: string, ...values: unknown[]) => unknown[],
  change: (row: Event) => Event,
): void {
  let prev: Uint8Array = genesis;
  for (const row of exec('SELECT * FROM event ORDER BY seq') as Event[]) {
    const changed = { ...change(row), prev };
    const whole = { ...changed, hash: hashOf(changed) };
    exec(
      `UPDATE event SET ${setOf} WHERE seq = ?`,
      ...columns.map((column) => whole[column]),
      row.seq,
    );
    prev = whole.hash;
  }
}

test('a log nobody touched is intact, and so are 100 others', { timeout: 60_000 }, async () => {
  expect(after(() => {})).toMatchObject({
    verdict: 'intact',
    rows: size,
    checkpoints: 1,
    first_bad_row: null,
  });
  for (let i = 0; i < howOften(100); i += 1)
    expect(verifyLog(await logOf(1 + (i % 7)))).toMatchObject({ verdict: 'intact', problem: null });
});

for (const column of columns)
  test(`an edited ${column} of any row is found and the row is named`, () => {
    for (let seq = 1; seq <= size; seq += 1) {
      const said = after((exec) => {
        const [row] = exec('SELECT * FROM event WHERE seq = ?', seq) as Event[];
        exec(`UPDATE event SET ${column} = ? WHERE seq = ?`, other(column, row?.[column]), seq);
      });
      expect(said).toMatchObject({ verdict: 'tampered', first_bad_row: seq });
    }
  });

test('a deleted row is found wherever it was', () => {
  for (let seq = 1; seq <= size; seq += 1)
    expect(after((exec) => exec('DELETE FROM event WHERE seq = ?', seq))).toMatchObject({
      verdict: 'tampered',
      first_bad_row: seq,
    });
});

test('two rows that changed places are found', () => {
  for (let seq = 1; seq < size; seq += 1)
    expect(
      after((exec) => {
        exec('UPDATE event SET seq = 9999 WHERE seq = ?', seq);
        exec('UPDATE event SET seq = ? WHERE seq = ?', seq, seq + 1);
        exec('UPDATE event SET seq = ? WHERE seq = 9999', seq + 1);
      }),
    ).toMatchObject({ verdict: 'tampered', first_bad_row: seq });
});

test('an inserted row and a duplicate of a row are found', () => {
  const make = (
    exec: (sql: string, ...values: unknown[]) => unknown[],
    at: number,
    event_id: string,
  ) => {
    const [row] = exec('SELECT * FROM event WHERE seq = ?', at) as Event[];
    exec('UPDATE event SET seq = -seq WHERE seq > ?', at);
    exec('UPDATE event SET seq = 1 - seq WHERE seq < 0');
    const copy: Event = { ...(row as Event), seq: at + 1, event_id };
    exec(
      `INSERT INTO event(${columns.join(', ')}) VALUES(${columns.map(() => '?').join(', ')})`,
      ...columns.map((column) => copy[column]),
    );
  };
  for (const at of [1, 7, size])
    expect(after((exec) => make(exec, at, 'copy'))).toMatchObject({
      verdict: 'tampered',
      first_bad_row: at + 1,
    });
});

test('a tail that was cut off after a checkpoint is found', () => {
  for (const cut of [1, 2, size])
    expect(after((exec) => exec('DELETE FROM event WHERE seq > ?', size - cut))).toMatchObject({
      verdict: 'tampered',
      first_bad_row: size - cut + 1,
      problem: expect.stringContaining('cut off'),
    });
});

test('a log that was rewritten with new hashes is found by its checkpoint', () => {
  const said = after((exec) =>
    rehash(exec, (row) => (row.seq === 3 ? { ...row, actor: 'bob' } : row)),
  );
  expect(said).toMatchObject({
    verdict: 'tampered',
    first_bad_row: size,
    problem: expect.stringContaining('rewritten'),
  });
});

test('a row that was edited and hashed anew is found by the row after it', () => {
  for (const seq of [1, size / 2, size - 1])
    expect(
      after((exec) => {
        const [row] = exec('SELECT * FROM event WHERE seq = ?', seq) as Event[];
        const edited = { ...(row as Event), actor: 'bob' };
        exec('UPDATE event SET actor = ?, hash = ? WHERE seq = ?', 'bob', hashOf(edited), seq);
      }),
    ).toMatchObject({ verdict: 'tampered', first_bad_row: seq + 1 });
});

test('a checkpoint somebody else signed is found', () => {
  const said = after((exec, home) => {
    rehash(exec, (row) => ({ ...row, actor: 'bob' }));
    const [head] = exec('SELECT hash FROM event WHERE seq = ?', size) as { hash: Uint8Array }[];
    const anchor = JSON.parse(readFileSync(home.auditAnchor, 'utf8')) as object;
    const forged = { ...anchor, hash: Buffer.from(head?.hash ?? '').toString('hex') };
    writeFileSync(home.auditAnchor, `${JSON.stringify(forged)}\n`);
  });
  expect(said).toMatchObject({
    verdict: 'tampered',
    problem: expect.stringContaining('false signature'),
  });
});

test('a checkpoint that was garbled makes the log unreadable, and never passes', () => {
  expect(after((_exec, home) => appendFileSync(home.auditAnchor, '{"seq":"}\n'))).toMatchObject({
    verdict: 'unreadable',
    problem: expect.stringContaining('no checkpoint'),
  });
});

test('without a log there is nothing to verify, and that is said', () => {
  expect(verifyLog(homeAt(mkdtempSync(join(tmpdir(), 'none-'))))).toMatchObject({
    verdict: 'unreadable',
    problem: expect.stringContaining('There is no audit log'),
  });
});

test.each<[string, (home: Home) => void]>([
  ['is garbage', ({ auditDb }) => writeFileSync(auditDb, Buffer.alloc(9_000, 7))],
  [
    'is a folder',
    ({ auditDb }) => {
      rmSync(auditDb);
      mkdirSync(auditDb);
    },
  ],
  ['is of another program', ({ auditDb }) => writeFileSync(auditDb, '')],
  ['has no key to check it by', ({ auditKey }) => rmSync(auditKey)],
])('a log that %s is unreadable, and that is said with what to do', (_what, spoil) => {
  expect(after((_exec, home) => spoil(home))).toMatchObject({
    verdict: 'unreadable',
    problem: expect.stringMatching(/audit\.(db|anchor)/),
    remedy: expect.stringContaining('`vmware-audit'),
  });
});

test('rows from one on are checked alone, and those before are taken for granted', () => {
  const edited = (exec: (sql: string, ...values: unknown[]) => unknown[]) =>
    exec("UPDATE event SET actor = 'bob' WHERE seq = 7");
  expect(after(edited, { from: 8 })).toMatchObject({ verdict: 'intact', rows: size - 7 });
  expect(after(edited, { from: 7 })).toMatchObject({ verdict: 'tampered', first_bad_row: 7 });
});
