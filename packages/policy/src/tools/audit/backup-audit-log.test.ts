import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fill, freshHome, logLab } from '../../../test/audit/log-lab.js';

test('a backup has log, archives, checkpoints and public key, for its owner only', async () => {
  await using at = await logLab(10);
  await at.change('rotate_audit_log', { keep: 2 });
  const dir = join(freshHome().dir, 'backup');
  const said = await at.read('backup_audit_log', { dir });
  expect((said['files'] as { name: string }[]).map(({ name }) => name)).toEqual([
    expect.stringMatching(/^audit-archive\/.*\.db$/),
    'audit.anchor',
    'audit.db',
    'audit.pub',
  ]);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  for (const file of ['audit.db', 'audit.anchor', 'MANIFEST.json'])
    expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
  await fill(at.home, 5);
  expect(await at.read('verify_audit_backup', { dir })).toMatchObject({
    verdict: 'intact',
    rows: said['last_seq'],
  });
});

test('a folder that has something in it is not written into', async () => {
  await using at = await logLab(1);
  const dir = join(freshHome().dir, 'backup');
  mkdirSync(dir);
  writeFileSync(join(dir, 'mine'), '');
  expect(await at.ask('backup_audit_log', { dir })).toMatchObject({ code: 'TARGET_EXISTS' });
});
