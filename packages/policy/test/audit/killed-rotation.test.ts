import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lastEvents } from '../../src/audit/query.js';
import { rotate } from '../../src/audit/rotate.js';
import { verifyLog } from '../../src/audit/verify.js';
import { fill, freshHome } from './log-lab.js';
import { bundleWriter } from './programs.js';

const kills = 50;
let program: Awaited<ReturnType<typeof bundleWriter>>;
beforeAll(async () => {
  program = await bundleWriter();
});
afterAll(() => program[Symbol.dispose]());

test(`a rotation that is killed at any of ${kills} moments loses nothing, and the next one goes on`, {
  timeout: 180_000,
}, async () => {
  const home = freshHome();
  await fill(home, 100);
  let written = 100;
  for (let i = 0; i < kills; i += 1) {
    using child = await program.start(home.dir);
    const ended = once(child.process, 'exit');
    child.tell({ rotateForEver: 5 });
    const until = performance.now() + Math.random() * 60;
    while (performance.now() < until) {
      await fill(home, 20);
      written += 20;
    }
    child.process.kill('SIGKILL');
    await ended;
    expect(verifyLog(home), `kill ${i}`).toMatchObject({ verdict: 'intact', problem: null });
  }
  await rotate(home, { rows: 5 });
  const { rows } = lastEvents(home, {}, 1_000_000);
  expect(rows.filter(({ phase }) => phase === 'read')).toHaveLength(written);
  const seals = rows.filter(({ phase }) => phase === 'seal').length;
  expect(verifyLog(home)).toMatchObject({
    verdict: 'intact',
    archives: seals,
    rows: written + seals,
  });
});
