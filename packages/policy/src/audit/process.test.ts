import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { boot, isAlive, owner, startOf } from './process.js';

test('this process is alive, and nobody with its number at another time or boot is', () => {
  expect(isAlive(owner)).toBe(true);
  expect(isAlive(`${boot}/${process.pid}/1`)).toBe(false);
  expect(isAlive(owner.replace(boot, 'another-boot'))).toBe(false);
});

test('a process that ended is not alive', async () => {
  const child = spawn('sleep', ['60']);
  const its = `${boot}/${child.pid}/${startOf(child.pid ?? 0)}`;
  expect(isAlive(its)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isAlive(its)).toBe(false);
});
