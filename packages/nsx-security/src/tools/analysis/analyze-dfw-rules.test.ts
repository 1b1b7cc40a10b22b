import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { folder } from '../../../test/files.js';
import { changesAt, lab, labOn } from '../../../test/lab.js';
import { snapshotDfw } from '../snapshot/snapshot-dfw.js';
import { analyzeDfwRules } from './analyze-dfw-rules.js';

test('finds what is wrong in the lab, with the rules that cause it', async () => {
  await using nsx = await lab();
  const { items, undecided, rules } = await read(nsx, analyzeDfwRules, {});
  const found = (kind: string) =>
    items.filter((one) => one.kind === kind).map((one) => one.rule ?? one.object);
  expect(found('shadowed')).toEqual(['web-in-again']);
  expect(items.find(({ rule }) => rule === 'web-in-again')?.because).toMatchObject([
    { rule: 'web-in' },
  ]);
  expect(found('never_matching').sort()).toEqual(['never', 'quarantine-in', 'quarantine-out']);
  expect(found('unlogged_drop')).toEqual(['deny-shop']);
  expect(found('empty_group')).toEqual(expect.arrayContaining(['quarantine', 'empty-old']));
  expect(found('any_any_allow')).toEqual(['Default Layer3 Rule']);
  expect(undecided).toEqual([]);
  expect(rules).toBeGreaterThan(15);
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('looks for some kinds only, page by page, and on a file', async () => {
  await using nsx = await lab();
  using files = folder();
  const { file } = await read(nsx, snapshotDfw, { file: files.path('a') });
  await using nowhere = labOn({ ...nsx.sim, port: 1 });
  const kinds = ['redundant' as const, 'empty_group' as const];
  const whole = await read(nowhere, analyzeDfwRules, { kinds, snapshot: file });
  expect(new Set(whole.items.map(({ kind }) => kind))).toEqual(new Set(kinds));
  const rows: unknown[] = [];
  for (let cursor: string | undefined, more = true; more; ) {
    const page = await read(nowhere, analyzeDfwRules, { kinds, snapshot: file, limit: 2, cursor });
    rows.push(...page.items);
    cursor = page.next_cursor ?? undefined;
    more = cursor !== undefined;
  }
  expect(rows).toEqual(whole.items);
});

test('a file that is not there is said, with the command that makes one', async () => {
  await using nsx = await lab();
  expect(await nsx.call(analyzeDfwRules, { snapshot: 'nothing' })).toMatchObject({
    code: 'NOT_FOUND',
    remedy: expect.stringContaining('snapshot take'),
  });
});
