import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lastEvents } from '../src/audit/query.js';
import { verifyLog } from '../src/audit/verify.js';
import { homeAt } from '../src/home.js';
import { bundleChild } from './spawn.js';
import { openTarget } from './target.js';

test('4 programs write 500 rows each at once: none is lost, none is refused, and the chain holds', {
  timeout: 120_000,
}, async () => {
  using program = await bundleChild();
  await using target = await openTarget();
  const home = homeAt(mkdtempSync(join(tmpdir(), 'concurrency-')));
  const children = await Promise.all([1, 2, 3, 4].map(() => program.start(home.dir, target.url)));
  const ends = (await Promise.all(children.map((child) => child.ask({ rows: 500 })))) as string[][];
  for (const child of children) child[Symbol.dispose]();
  expect(ends.flat().filter((status) => status !== 'done')).toEqual([]);
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: 2_000 });
  const rows = lastEvents(home, {}, 10_000).rows;
  for (const {
    process: { pid },
  } of children)
    expect(rows.filter((row) => row.pid === pid)).toHaveLength(500);
});
