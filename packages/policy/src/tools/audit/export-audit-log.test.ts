import { expect, test } from 'vitest';
import { labWithTools } from '../../../test/own-tools.js';

test('every row comes out with its body, digests and hash', async () => {
  await using at = await labWithTools();
  const { items, truncated } = await at.read('export_audit_log');
  expect(truncated).toBe(false);
  expect(items).toMatchObject(
    at.audit().map(({ seq, args_sha, rules_sha, body, hash }) => ({
      seq,
      args_sha,
      rules_sha,
      body: JSON.parse(body) as unknown,
      hash: Buffer.from(hash).toString('hex'),
    })),
  );
});

test('a limit keeps the newest rows and says that there are more', async () => {
  await using at = await labWithTools();
  expect(await at.read('export_audit_log', { limit: 1, tool: 'get_counter' })).toMatchObject({
    items: [{ seq: 2 }],
    total: 2,
    truncated: true,
  });
});
