import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeCredential } from './kubeconfig-file.js';

const folder = () => mkdtempSync(join(tmpdir(), 'kubeconfig-'));
const said = (path: string, overwrite = false) =>
  writeCredential(path, 'token', overwrite).then(
    () => 'written',
    (error: Error) => error.message,
  );

test('a new file is the owner’s alone, and nothing else is left in the folder', async () => {
  const dir = folder();
  await writeCredential(join(dir, 'k'), 'token', false);
  expect(readFileSync(join(dir, 'k'), 'utf8')).toBe('token');
  expect(statSync(join(dir, 'k')).mode & 0o777).toBe(0o600);
  expect(readdirSync(dir)).toEqual(['k']);
});

test('a file that is there stays as it is', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'k'), 'mine');
  expect(await said(join(dir, 'k'))).toContain('is there already');
  expect(readFileSync(join(dir, 'k'), 'utf8')).toBe('mine');
  expect(readdirSync(dir)).toEqual(['k']);
});

test('only when asked to it replaces a file, whose mode is 0600 afterwards', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'k'), 'mine', { mode: 0o644 });
  expect(await said(join(dir, 'k'), true)).toBe('written');
  expect(readFileSync(join(dir, 'k'), 'utf8')).toBe('token');
  expect(statSync(join(dir, 'k')).mode & 0o777).toBe(0o600);
});

test.each([false, true])('a symbolic link is not followed, overwrite %s', async (overwrite) => {
  const dir = folder();
  symlinkSync(join(dir, 'elsewhere'), join(dir, 'k'));
  expect(await said(join(dir, 'k'), overwrite)).toContain('symbolic link');
  expect(existsSync(join(dir, 'elsewhere'))).toBe(false);
  expect(lstatSync(join(dir, 'k')).isSymbolicLink()).toBe(true);
});

test('a folder, and a folder that is not there, are refused', async () => {
  const dir = folder();
  mkdirSync(join(dir, 'k'));
  expect(await said(join(dir, 'k'), true)).toContain('is not a file');
  expect(await said(join(dir, 'no', 'k'))).toContain('There is no folder');
});

test('of many at once one writes the file and the others are refused', async () => {
  const dir = folder();
  const all = await Promise.all(Array.from({ length: 20 }, () => said(join(dir, 'k'))));
  expect(all.filter((one) => one === 'written')).toHaveLength(1);
  expect(readdirSync(dir)).toEqual(['k']);
});
