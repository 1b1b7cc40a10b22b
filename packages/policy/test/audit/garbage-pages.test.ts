import { randomBytes } from 'node:crypto';
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/audit/driver.js';
import { Store } from '../../src/audit/store.js';
import { verifyLog } from '../../src/audit/verify.js';
import { homeAt } from '../../src/home.js';
import { draft } from '../draft.js';
import { fill, quickHome } from './log-lab.js';

const pageSize = 4_096;

test('with garbage in any page of a log of 200 pages a row is refused, or the log is good with it', {
  timeout: 120_000,
}, async () => {
  const home = quickHome();
  await fill(home, 1_600);
  const { db } = openDatabase(home.auditDb);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  const whole = readFileSync(home.auditDb);
  const pages = statSync(home.auditDb).size / pageSize;
  expect(pages).toBeGreaterThanOrEqual(200);
  const ends: Record<string, number> = {};
  for (let page = 0; page < pages; page += 1) {
    const copy = homeAt(`${home.dir}-${page}`);
    cpSync(home.dir, copy.dir, { recursive: true });
    const bytes = Buffer.from(whole);
    randomBytes(pageSize).copy(bytes, page * pageSize);
    writeFileSync(copy.auditDb, bytes, { mode: 0o600 });
    const store = new Store(copy);
    const end = await store.append(draft()).then(
      () => verifyLog(copy).verdict,
      (error: { code?: string }) => error.code ?? String(error),
    );
    store.close();
    ends[end] = (ends[end] ?? 0) + 1;
    expect(['AUDIT_UNAVAILABLE', 'intact'], `page ${page + 1}: ${end}`).toContain(end);
    rmSync(copy.dir, { recursive: true });
  }
  expect(ends).toMatchObject({ AUDIT_UNAVAILABLE: expect.any(Number) });
  rmSync(home.dir, { recursive: true });
});
