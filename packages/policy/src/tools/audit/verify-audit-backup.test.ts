import { appendFileSync, chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshHome, logLab, tamper } from '../../../test/audit/log-lab.js';

async function withBackup() {
  const at = await logLab(10);
  await at.change('rotate_audit_log', { keep: 2 });
  const dir = join(freshHome().dir, 'backup');
  await at.read('backup_audit_log', { dir });
  return { ...at, dir, verify: () => at.read('verify_audit_backup', { dir }) };
}

test('a backup can be verified again and again', async () => {
  await using at = await withBackup();
  for (let i = 0; i < 2; i += 1) expect(await at.verify()).toMatchObject({ verdict: 'intact' });
});

test.each<[string, (dir: string) => void]>([
  ['a row was edited', (dir) => tamper(join(dir, 'audit.db'), "UPDATE event SET actor = 'bob'")],
  ['its checkpoints were cut', (dir) => writeFileSync(join(dir, 'audit.anchor'), '')],
  ['a file was added', (dir) => writeFileSync(join(dir, 'more'), '')],
  [
    'an archive is missing',
    (dir) => rmSync(join(dir, 'audit-archive', readdirSync(join(dir, 'audit-archive'))[0] ?? '')),
  ],
  [
    'a byte was added to an archive',
    (dir) => {
      const file = join(dir, 'audit-archive', readdirSync(join(dir, 'audit-archive'))[0] ?? '');
      chmodSync(file, 0o600);
      appendFileSync(file, 'x');
    },
  ],
])('a backup of which %s was tampered with', async (_what, spoil) => {
  await using at = await withBackup();
  spoil(at.dir);
  expect(await at.verify()).toMatchObject({ verdict: 'tampered' });
});

test('what is no backup is unreadable', async () => {
  await using at = await logLab(1);
  expect(await at.read('verify_audit_backup', { dir: at.home.dir })).toMatchObject({
    verdict: 'unreadable',
    problem: expect.stringContaining('MANIFEST.json'),
  });
});
