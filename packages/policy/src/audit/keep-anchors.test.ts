import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freshHome } from '../../test/audit/log-lab.js';
import { keepAnchors } from './keep-anchors.js';

const line = (seq: number) => ({
  origin: 'vmware-audit',
  seq,
  hash: 'ab'.repeat(32),
  ts: '2026-11-22T08:00:00.000Z',
  sig: `sig${seq}`,
});
const text = (...seqs: number[]) => seqs.map((seq) => `${JSON.stringify(line(seq))}\n`).join('');

test.each<[string, string | undefined, number[], number, string | undefined]>([
  ['nothing into a file that is not there', undefined, [], 0, undefined],
  ['all into a file that is not there', undefined, [1, 2], 2, text(1, 2)],
  ['all into an empty file', '', [1, 2], 2, text(1, 2)],
  ['what is new', text(1, 2), [1, 2, 3, 4], 2, text(1, 2, 3, 4)],
  ['what comes before', text(2), [1, 2], 1, text(2, 1)],
  ['nothing twice', text(1, 2), [2, 1], 0, text(1, 2)],
  ['a line after one that has no end', text(1).trimEnd(), [1, 2], 1, text(1, 2)],
  ['nothing after one that has no end', text(1).trimEnd(), [1], 0, text(1).trimEnd()],
  ['a line whose signature begins another', text(12), [1], 1, text(12, 1)],
])('kept elsewhere is %s', (_what, kept, lines, more, then) => {
  const { dir } = freshHome();
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'kept.anchor');
  if (kept !== undefined) writeFileSync(file, kept, { mode: 0o600 });
  expect(keepAnchors(lines.map(line), file)).toBe(more);
  expect(existsSync(file) ? readFileSync(file, 'utf8') : undefined).toBe(then);
  if (then !== undefined) expect(statSync(file).mode & 0o777).toBe(0o600);
});
