import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { verifyLog } from '../../src/audit/verify.js';
import type { Home } from '../../src/home.js';
import { askPython, hasPython } from './python.js';
import { randomLog, randomOf } from './random-log.js';

const logs = 1_000;
const both = 300;
const kept: { home: Home; verdict: string }[] = [];

test(`${logs} logs of any content, rotated or not, after a crash or not, raise no false alarm`, {
  timeout: 300_000,
}, async () => {
  let rows = 0;
  let archives = 0;
  for (let seed = 1; seed <= logs; seed += 1) {
    const { home, dangling } = await randomLog(randomOf(seed));
    const said = verifyLog(home);
    const verdict = dangling > 0 ? 'incomplete' : 'intact';
    expect(said, `seed ${seed}`).toMatchObject({ verdict, problem: null, in_doubt: dangling });
    rows += said.rows;
    archives += said.archives;
    if (seed <= both) kept.push({ home, verdict });
    else rmSync(home.dir, { recursive: true });
  }
  expect(rows).toBeGreaterThan(100_000);
  expect(archives).toBeGreaterThan(300);
});

test.runIf(hasPython)(
  `the independent verifier agrees on ${both} of them`,
  {
    timeout: 300_000,
  },
  () => {
    const { said } = askPython(...kept.map(({ home }) => home.dir));
    expect(said.map(({ verdict, problem }) => ({ verdict, problem }))).toEqual(
      kept.map(({ verdict }) => ({ verdict, problem: null })),
    );
    for (const { home } of kept) rmSync(home.dir, { recursive: true });
  },
);
