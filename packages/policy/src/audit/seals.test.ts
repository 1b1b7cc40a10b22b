import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import type { Event } from './event.js';
import { prunedIn, prunedRow, sealIn, sealRow } from './seals.js';

const range = {
  archive: '0000000001-0000000010.db',
  from: 1,
  to: 10,
  sha256: 'ab'.repeat(32),
  last_hash: 'cd'.repeat(32),
};
const row = (body: unknown, status: string) =>
  ({ seq: 11, status, body: typeof body === 'string' ? body : JSON.stringify(body) }) as Event;

const said = {
  op_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  skill: 'audit',
  target: '',
  environment: '',
  actor: userInfo().username,
  agent: 'vmware-audit',
  session: '',
  risk: '',
  decision: '',
  rule: '',
  rules_sha: '',
  args_sha: '',
  duration_us: 0,
};

test('a row seals one archive, and another says which were pruned', () => {
  expect(sealRow(range)).toEqual({
    ...said,
    phase: 'seal',
    tool: 'rotate_audit_log',
    status: 'sealed',
    body: range,
  });
  expect(prunedRow([range])).toEqual({
    ...said,
    phase: 'admin',
    tool: 'prune_audit_archives',
    status: 'pruned',
    body: { pruned: [range] },
  });
});

test('what such rows say is read with the row that says it', () => {
  expect(sealIn(row(range, 'sealed'))).toEqual({ ...range, seq: 11 });
  expect(prunedIn(row({ pruned: [range, range] }, 'pruned'))).toEqual([
    { ...range, seq: 11 },
    { ...range, seq: 11 },
  ]);
  expect(prunedIn(row({ pruned: [range] }, 'restored'))).toEqual([]);
});

test.each([
  '',
  'garbage',
  {},
  { ...range, sha256: `${range.sha256}e` },
  { ...range, last_hash: `e${range.last_hash}` },
  { ...range, sha256: 'AB'.repeat(32) },
  { ...range, from: 1.5 },
  { ...range, to: '10' },
])('a row that says %j seals nothing and prunes nothing', (body) => {
  expect(sealIn(row(body, 'sealed'))).toBeUndefined();
  expect(prunedIn(row({ pruned: [body] }, 'pruned'))).toEqual([]);
  expect(prunedIn(row(body, 'pruned'))).toEqual([]);
});
