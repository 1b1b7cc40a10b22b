import { existsSync, mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fill, freshHome } from '../../test/audit/log-lab.js';
import { adminRow } from './admin.js';
import { anchors } from './anchor.js';
import { metaOf, setMeta } from './meta.js';
import { lastEvents, readLog } from './query.js';
import { verifyLog } from './verify.js';
import { record, withLog } from './write-log.js';

test('rows that say what was done are written with it and the last is signed', async () => {
  const home = freshHome();
  const seqs = await withLog(home, (db, patience) =>
    record(home, db, patience, (append) => {
      setMeta(db, 'a', '1');
      return ['one', 'two'].map((tool) => append(adminRow(tool, 'done', {})).seq);
    }),
  );
  expect(seqs).toEqual([1, 2]);
  expect(lastEvents(home, {}, 9).rows.map(({ tool }) => tool)).toEqual(['one', 'two']);
  expect(anchors(home).map(({ seq }) => seq)).toEqual([2]);
  expect(readLog(home, (db) => metaOf(db, 'a'))).toBe('1');
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: 2, checkpoints: 1 });
});

test('work that fails leaves neither row nor state nor a log that is open', async () => {
  const home = freshHome();
  await fill(home, 1);
  const done = withLog(home, (db, patience) =>
    record(home, db, patience, (append) => {
      setMeta(db, 'a', '1');
      append(adminRow('one', 'done', {}));
      throw new Error('It failed.');
    }),
  );
  await expect(done).rejects.toThrow('It failed.');
  expect(existsSync(`${home.auditDb}-wal`)).toBe(false);
  expect(lastEvents(home, {}, 9).total).toBe(1);
  expect(readLog(home, (db) => metaOf(db, 'a'))).toBeUndefined();
  expect(anchors(home)).toHaveLength(1);
});

test('a log that cannot be opened is not worked on', async () => {
  const home = freshHome();
  mkdirSync(home.auditDb);
  const done = withLog(home, async () => 'done');
  await expect(done).rejects.toMatchObject({
    code: 'AUDIT_UNAVAILABLE',
    message: `The audit log cannot be written: ${home.auditDb} is not a regular file.`,
  });
});
