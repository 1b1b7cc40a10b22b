import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const audit = join(import.meta.dirname, '../bin/vmware-audit.cjs');

test.each([
  ['log'],
  ['stats'],
  ['verify'],
  ['rules', 'lint'],
  ['rules', 'show'],
  ['rules', 'test'],
])('vmware-audit %s %s leaves nothing behind where there was nothing', (...words) => {
  const home = mkdtempSync(join(tmpdir(), 'read-only-'));
  const { stdout, stderr } = spawnSync(process.execPath, [audit, ...words], {
    env: { HOME: home, PATH: process.env['PATH'] ?? '' },
    encoding: 'utf8',
  });
  expect(`${stdout}${stderr}`).not.toBe('');
  expect(existsSync(join(home, '.vmware'))).toBe(false);
});
