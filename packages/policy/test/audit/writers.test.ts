import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lastEvents, readLog } from '../../src/audit/query.js';
import { rotate } from '../../src/audit/rotate.js';
import { verifyLog } from '../../src/audit/verify.js';
import type { Home } from '../../src/home.js';
import { Refusal } from '../../src/refusal.js';
import { freshHome } from './log-lab.js';
import { bundleWriter, type Writer } from './programs.js';
import type { Appended } from './writer.js';

const writers = 8;
const each = 1_500;
/** Of 480 rows each. */
const rounds = 25;

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

async function start(home: Home): Promise<Writer[]> {
  const programs: Writer[] = [];
  for (let i = 0; i < writers; i += 1) programs.push(await program.start(home.dir));
  return programs;
}

const append = (programs: readonly Writer[], rows: number, tag: string) =>
  Promise.all(
    programs.map((one, i) => one.ask({ append: rows, tag: `writer-${i}-${tag}`, atOnce: 4 })),
  );

test(`${writers} programs that write ${each} rows each lose none, and none is refused`, {
  timeout: 180_000,
}, async () => {
  const home = freshHome();
  const programs = await start(home);
  const ends = await append(programs, each, 'all');
  for (const one of programs) one[Symbol.dispose]();
  expect(ends.flatMap(({ refused }) => refused)).toEqual([]);
  expectAll(home, each);
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: writers * each });
});

test(`${writers} programs lose none of ${writers * each} rows, rotated away ${rounds} times while they write`, {
  timeout: 180_000,
}, async () => {
  const home = freshHome();
  const programs = await start(home);
  const ends: Appended[] = [];
  let archives = 0;
  for (let round = 0; round < rounds; round += 1) {
    const writing = append(programs, each / rounds, `${round}`);
    while (liveRows(home) < (writers * each) / rounds / 2) await sleep(5);
    archives += (await rotate(home)).length;
    ends.push(...(await writing));
  }
  for (const one of programs) one[Symbol.dispose]();
  expect(ends.flatMap(({ refused }) => refused)).toEqual([]);
  expect(archives).toBeGreaterThanOrEqual(rounds);
  expectAll(home, each);
  expect(verifyLog(home)).toMatchObject({
    verdict: 'intact',
    archives,
    rows: writers * each + archives,
  });
});
