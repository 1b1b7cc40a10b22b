import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { logLab } from '../../../test/audit/log-lab.js';
import { archiveDir } from '../../audit/archives.js';

const soon = () => new Date(Date.now() + 60_000).toISOString();

async function rotated() {
  const at = await logLab(10);
  for (let i = 0; i < 3; i += 1) await at.change('rotate_audit_log');
  return at;
}

test('archives go oldest first, a row names them before, and verify says what is gone', async () => {
  await using at = await rotated();
  const before = await at.read('list_audit_archives');
  const [first, second] = before['items'] as { from: number; to: number; sha256: string }[];
  const { bytes } = (before['items'] as { bytes: number }[])[2] ?? { bytes: 0 };
  const wanted = { keep_size: `${Math.ceil(bytes / 1_000)}KB` };
  expect(await at.plan('prune_audit_archives', wanted)).toMatchObject({
    summary: expect.stringContaining(`Remove 2 archives for good: rows 1 to ${second?.to}`),
    changes: [expect.stringContaining(first?.sha256 ?? '-'), expect.anything()],
  });
  expect(readdirSync(archiveDir(at.home))).toHaveLength(3);
  await at.change('prune_audit_archives', wanted);
  expect(readdirSync(archiveDir(at.home))).toHaveLength(1);
  const row = at.rows().find(({ status }) => status === 'pruned');
  expect(JSON.parse(row?.body ?? '')).toMatchObject({
    pruned: [{ from: 1, sha256: first?.sha256 }, { to: second?.to }],
  });
  expect(await at.read('verify_audit_log')).toMatchObject({
    verdict: 'incomplete',
    problem: null,
    lost: [{ from: 1, to: second?.to, why: 'pruned' }],
  });
});

test('what a legal hold keeps stays until it is released, and so does all after it', async () => {
  await using at = await rotated();
  await at.change('place_legal_hold', { name: 'case', from: '1h', reason: 'a case' });
  expect(await at.plan('prune_audit_archives', { older_than: soon() })).toMatchObject({
    blockers: [expect.stringContaining('"case"'), expect.anything(), expect.anything()],
  });
  expect(
    await at.ask(
      'prune_audit_archives',
      { older_than: soon() },
      { dryRun: false, confirmed: true },
    ),
  ).not.toMatchObject({ status: 'done' });
  expect(readdirSync(archiveDir(at.home))).toHaveLength(3);
  await at.change('release_legal_hold', { name: 'case', reason: 'closed' });
  await at.change('prune_audit_archives', { older_than: soon() });
  expect(readdirSync(archiveDir(at.home))).toEqual([]);
});

test('younger archives stay, and without a word on which may go nothing is planned', async () => {
  await using at = await rotated();
  expect(await at.change('prune_audit_archives', { older_than: '1h' })).toEqual({ items: [] });
  for (const input of [{}, { keep_size: 'much' }, { older_than: 'long ago' }])
    expect(await at.ask('prune_audit_archives', input)).toMatchObject({ code: 'INVALID_INPUT' });
});
