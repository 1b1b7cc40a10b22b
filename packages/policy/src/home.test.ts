import { chmodSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { homeAt, homeOf, prepareHome } from './home.js';

const dir = () => mkdtempSync(join(tmpdir(), 'home-'));

test('state is kept in ~/.vmware unless OPS_HOME says otherwise', () => {
  expect(homeOf({}).auditDb).toBe(join(homedir(), '.vmware/audit.db'));
  expect(homeOf({ OPS_HOME: '/srv/ops' }).rules).toBe('/srv/ops/rules.yaml');
  expect(homeOf({ OPS_HOME: '' }).dir).toBe(join(homedir(), '.vmware'));
});

test('the folder is made for its owner only, and tightened when others may enter', () => {
  const home = homeAt(join(dir(), 'a/b'));
  prepareHome(home);
  expect(statSync(home.dir).mode & 0o777).toBe(0o700);
  chmodSync(home.dir, 0o777);
  prepareHome(home);
  expect(statSync(home.dir).mode & 0o777).toBe(0o700);
});

test('a symbolic link or a file in its place is refused', () => {
  const at = dir();
  symlinkSync(at, join(at, 'link'));
  writeFileSync(join(at, 'file'), '');
  expect(() => prepareHome(homeAt(join(at, 'link')))).toThrow(
    /not a directory that belongs to you/,
  );
  expect(() => prepareHome(homeAt(join(at, 'file')))).toThrow();
});
