import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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

const none = 99_999_999;
const name = '/proc/self/comm';

test.each([
  ['this one without its start', `${boot}/${process.pid}`, true],
  ['this one with an empty start', `${boot}/${process.pid}/`, true],
  ['one with a number that none has', `${boot}/${none}`, false],
  ['the first one at its start', `${boot}/1/${startOf(1)}`, true],
  ['the first one at another start', `${boot}/1/x`, false],
  ['nobody', '', false],
])('of %s it is known whether it is alive', (_who, writer, alive) => {
  expect(isAlive(writer)).toBe(alive);
});

test('a process that is not there has no start, and a boot has a name on one line', () => {
  expect(startOf(none)).toBe('');
  expect(owner).toBe(`${boot}/${process.pid}/${startOf(process.pid)}`);
  expect(boot).toMatch(/^([0-9a-f-]{36}|up-\d+)$/);
});

test.runIf(existsSync(name))('a process has the same start under any name', () => {
  const before = { start: startOf(process.pid), name: readFileSync(name, 'utf8') };
  writeFileSync(name, 'a) b (c) 1');
  try {
    expect(startOf(process.pid)).toBe(before.start);
  } finally {
    writeFileSync(name, before.name.trim());
  }
});
