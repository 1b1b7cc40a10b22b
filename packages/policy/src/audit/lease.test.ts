import { expect, test } from 'vitest';
import { fill, freshHome } from '../../test/audit/log-lab.js';
import type { Database } from './driver.js';
import { openLogFile } from './file.js';
import { withLease } from './lease.js';
import { metaOf, setMeta } from './meta.js';
import { Patience } from './patience.js';
import { boot, owner, startOf } from './process.js';

const busy = {
  code: 'BUSY',
  message: 'Another program is rotating, pruning or copying the audit log.',
  remedy:
    'Wait until it has ended, then run the same command again; `vmware-audit archives` shows what it made.',
};

async function withDatabase(work: (db: Database) => Promise<unknown>) {
  const home = freshHome();
  await fill(home, 1);
  const { db } = openLogFile(home);
  await work(db);
  db.close();
}
const lease = <T>(db: Database, work: (check: () => void) => Promise<T>) =>
  withLease(db, new Patience(), work);

test.each([
  ['a program that is alive', `${boot}/${process.ppid}/${startOf(process.ppid)}/1`, false],
  ['a program that is gone', `another-boot/${process.pid}/${startOf(process.pid)}/1`, true],
  ['this program, which left it behind', `${owner}/999999`, true],
])('a lease of %s: whether it is free is %s', async (_whose, held, isFree) => {
  await withDatabase(async (db) => {
    setMeta(db, 'keeper', held);
    const done = lease(db, async () => 'done');
    if (isFree) expect(await done).toBe('done');
    else await expect(done).rejects.toMatchObject(busy);
    expect(metaOf(db, 'keeper')).toBe(isFree ? undefined : held);
  });
});

test('while one works the next is refused, and afterwards it is not, whether the first failed or not', async () => {
  await withDatabase(async (db) => {
    const first = lease(db, async (check) => {
      check();
      await expect(lease(db, async () => 'second')).rejects.toMatchObject(busy);
      check();
      throw new Error('It failed.');
    });
    await expect(first).rejects.toThrow('It failed.');
    expect(await lease(db, async () => 'third')).toBe('third');
    expect(metaOf(db, 'keeper')).toBeUndefined();
  });
});

test('whoever lost the lease is told when they ask, and does not take it from whoever has it', async () => {
  await withDatabase(async (db) => {
    const lost = lease(db, async (check) => {
      setMeta(db, 'keeper', 'another-boot/1/1/1');
      check();
    });
    await expect(lost).rejects.toMatchObject(busy);
    expect(metaOf(db, 'keeper')).toBe('another-boot/1/1/1');
  });
});
