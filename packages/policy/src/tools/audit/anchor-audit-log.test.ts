import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fill, freshHome, logLab } from '../../../test/audit/log-lab.js';

test('the last row is signed so that anybody with the public key can check it', async () => {
  await using at = await logLab(3);
  const said = (await at.change('anchor_audit_log')) as Record<string, string>;
  expect(said).toMatchObject({ seq: 4 });
  expect(
    verify(
      null,
      Buffer.from(`${said['origin']}\n${said['seq']}\n${said['hash']}\n`),
      createPublicKey({
        key: Buffer.from(said['public_key'] ?? '', 'base64'),
        type: 'spki',
        format: 'der',
      }),
      Buffer.from(said['sig'] ?? '', 'base64'),
    ),
  ).toBe(true);
});

test('a file kept elsewhere gets each checkpoint once, and shows a log that was made anew', async () => {
  await using at = await logLab(3);
  const out = join(freshHome().dir, 'kept.anchor');
  expect(await at.change('anchor_audit_log', { out })).toMatchObject({ copied: 2 });
  await fill(at.home, 2);
  await at.change('anchor_audit_log', { out });
  expect(readFileSync(out, 'utf8')).toBe(readFileSync(at.home.auditAnchor, 'utf8'));
  expect(await at.read('verify_audit_log', { anchor: out })).toMatchObject({ verdict: 'intact' });
  await using other = await logLab(3);
  expect(await other.read('verify_audit_log', { anchor: out })).toMatchObject({
    verdict: 'tampered',
  });
});
