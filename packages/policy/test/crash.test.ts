import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Event } from '../src/audit/event.js';
import { lastEvents, readLog } from '../src/audit/query.js';
import { verifyLog } from '../src/audit/verify.js';
import { homeAt } from '../src/home.js';
import { bodyOf, labAt } from './lab.js';
import { bundleChild } from './spawn.js';
import { openTarget } from './target.js';

const kills = 200;
const changes = 5_000;

test(`${kills} programs are killed in the middle of ${changes} changes: each has an intent, and none is forgotten`, {
  timeout: 180_000,
}, async () => {
  using program = await bundleChild();
  await using target = await openTarget();
  const home = homeAt(mkdtempSync(join(tmpdir(), 'crash-')));
  let killed = 0;

  /** Starts programs one after another and kills each after some more changes have arrived, at any moment. */
  const killer = async (group: string) => {
    while (killed < kills || target.changed < changes) {
      killed += 1;
      using child = await program.start(home.dir, target.url);
      const until = target.changed + 15 + Math.random() * 60;
      const ended = once(child.process, 'exit');
      child.tell({ loop: `${group}/${killed}`, atOnce: 2 + (killed % 7) });
      while (target.changed < until)
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 12));
      child.process.kill('SIGKILL');
      await ended;
    }
  };
  await Promise.all([killer('a'), killer('b')]);

  const executed = target.changes().map(({ tag }) => tag);
  const before = lastEvents(home, {}, 1_000_000).rows;
  const intents = intentsIn(before);
  expect(killed).toBeGreaterThanOrEqual(kills);
  expect(executed.length).toBeGreaterThanOrEqual(changes);
  expect(new Set(executed).size, 'a change was sent twice').toBe(executed.length);
  expect(
    executed.filter((tag) => !intents.has(tag)),
    'changes without an intent',
  ).toEqual([]);
  expect(verifyLog(home)).toMatchObject({ problem: null, rows: before.length });

  await using next = labAt(target, home.dir);
  await next.governed.reconcile();
  const rows = next.audit();
  const ends = new Map(
    rows
      .filter(({ phase }) => phase === 'outcome' || phase === 'in_doubt')
      .map((row) => [row.op_id, row.phase]),
  );
  const open = rows.filter(({ phase, op_id }) => phase === 'intent' && !ends.has(op_id));
  expect(open).toEqual([]);
  const doubts = [...ends.values()].filter((phase) => phase === 'in_doubt').length;
  expect(doubts).toBeGreaterThan(0);
  expect(ends.size).toBe(intents.size);
  expect(readLog(home, (db) => db.prepare('SELECT count(*) AS n FROM pending').get())).toEqual({
    n: 0,
  });
  expect(verifyLog(home)).toMatchObject({ verdict: 'incomplete', problem: null, in_doubt: doubts });
  expect(await next.governed.reconcile()).toBe(0);
});

/** Intents by the tag of their change. */
const intentsIn = (rows: readonly Event[]): Map<string, Event> =>
  new Map(
    rows
      .filter(({ phase }) => phase === 'intent')
      .map((row) => [(bodyOf(row)['args'] as { tag: string }).tag, row]),
  );
