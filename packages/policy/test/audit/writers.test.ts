import { afterAll, beforeAll, expect, test } from 'vitest';
import { lastEvents, readLog } from '../../src/audit/query.js';
import { rotate } from '../../src/audit/rotate.js';
import { verifyLog } from '../../src/audit/verify.js';
import type { Home } from '../../src/home.js';
import { Refusal } from '../../src/refusal.js';
import { freshHome } from './log-lab.js';
import { bundleWriter, type Writer } from './programs.js';

const writers = 8;
const each = 1_500;

let program: Awaited<ReturnType<typeof bundleWriter>>;
beforeAll(async () => {
  program = await bundleWriter();
});
afterAll(() => program[Symbol.dispose]());

/** Every row of every writer, once. */
function expectAll(home: Home, rows: number): void {
  const found = lastEvents(home, {}, 1_000_000).rows;
  const written = found.filter(({ phase }) => phase === 'read').map(({ rule }) => rule);
  expect(new Set(written).size).toBe(writers * rows);
  expect(written).toHaveLength(writers * rows);
  expect(found.map(({ seq }) => seq)).toEqual(found.map((_, i) => i + 1));
}

/** None while the first writer is still making the log. */
function liveRows(home: Home): number {
  try {
    return readLog(
      home,
      (db) => (db.prepare('SELECT count(*) AS n FROM event').get() as { n: number }).n,
    );
  } catch (error) {
    if (error instanceof Refusal) return 0;
    throw error;
  }
}

async function write(home: Home, rows: number) {
  const programs: Writer[] = [];
  for (let i = 0; i < writers; i += 1) programs.push(await program.start(home.dir));
  const ends = await Promise.all(
    programs.map((one, i) => one.ask({ append: rows, tag: `writer-${i}`, atOnce: 4 })),
  );
  for (const one of programs) one[Symbol.dispose]();
  return ends;
}

test(`${writers} programs that write ${each} rows each lose none, and none is refused`, {
  timeout: 180_000,
}, async () => {
  const home = freshHome();
  const ends = await write(home, each);
  expect(ends.flatMap(({ refused }) => refused)).toEqual([]);
  expectAll(home, each);
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: writers * each });
});

test(`${writers} programs lose none of ${writers * each} rows while every 500 of them are rotated away`, {
  timeout: 180_000,
}, async () => {
  const home = freshHome();
  let isWriting = true;
  let archives = 0;
  const rotating = (async () => {
    while (isWriting) {
      if (liveRows(home) >= 500) archives += (await rotate(home)).length;
      else await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  const ends = await write(home, each);
  isWriting = false;
  await rotating;
  expect(ends.flatMap(({ refused }) => refused)).toEqual([]);
  expect(archives).toBeGreaterThan(10);
  expectAll(home, each);
  expect(verifyLog(home)).toMatchObject({
    verdict: 'intact',
    archives,
    rows: writers * each + archives,
  });
});
