import { expect, test } from 'vitest';
import { logLab } from '../../../test/audit/log-lab.js';

const seqs = ({ items }: Record<string, unknown>) =>
  (items as { seq: number }[]).map(({ seq }) => seq);

test('the newest rows come oldest first, with where to go on', async () => {
  await using at = await logLab(15);
  const said = await at.read('tail_audit_log', { last: 3 });
  expect(seqs(said)).toEqual([13, 14, 15]);
  expect(said).toMatchObject({ next_after: 15, truncated: false });
});

test('going on after a row misses none, shows none twice, and ends where the log does', async () => {
  await using at = await logLab(25);
  await at.change('rotate_audit_log', { keep: 5 });
  const seen: number[] = [];
  let after = 0;
  for (;;) {
    const page = await at.read('tail_audit_log', { last: 4, after });
    seen.push(...seqs(page));
    if (page['next_after'] === after) break;
    after = page['next_after'] as number;
  }
  expect(seen).toEqual(at.rows().map(({ seq }) => seq));
  expect(seen).toHaveLength(28);
});
