import { createPublicKey, verify } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { homeAt } from '../home.js';
import {
  type Anchor,
  anchors,
  appendAnchor,
  appendRestored,
  der,
  isGenuine,
  isRestored,
  lastAnchor,
  signingKey,
} from './anchor.js';

const fresh = () => homeAt(mkdtempSync(join(tmpdir(), 'anchor-')));
const head = (seq: number) => ({ seq, hash: 'ab'.repeat(32), ts: '2026-11-22T08:00:00.000Z' });

test('the last checkpoint is the last, in a file of any length', () => {
  const home = fresh();
  expect(lastAnchor(home)).toBeUndefined();
  for (let seq = 1; seq <= 60; seq += 1) {
    appendAnchor(home, head(seq));
    expect(lastAnchor(home)?.seq).toBe(seq);
  }
  expect(anchors(home).map(({ seq }) => seq)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  expect(statSync(home.auditAnchor).size).toBeGreaterThan(2 * 4096);
});

test('a line that a crash cut short is left out and does not swallow the next', () => {
  const home = fresh();
  appendAnchor(home, head(1));
  appendFileSync(home.auditAnchor, readFileSync(home.auditAnchor, 'utf8').slice(0, 70));
  expect(lastAnchor(home)?.seq).toBe(1);
  appendAnchor(home, head(2));
  expect(anchors(home).map(({ seq }) => seq)).toEqual([1, 2]);
  expect(lastAnchor(home)?.seq).toBe(2);
});

test('a checkpoint is genuine as signed, and not with another row, hash or origin', () => {
  const home = fresh();
  appendAnchor(home, head(1));
  const anchor = lastAnchor(home);
  if (!anchor) throw new Error('no anchor');
  const key = signingKey(home);
  expect(isGenuine(anchor, key)).toBe(true);
  for (const change of [
    { seq: 2 },
    { hash: 'cd'.repeat(32) },
    { origin: 'other' },
    { sig: 'AAAA' },
  ])
    expect(isGenuine({ ...anchor, ...change }, key)).toBe(false);
  expect(isGenuine(anchor, signingKey(fresh()))).toBe(false);
});

test('key and checkpoints are for their owner only', () => {
  const home = fresh();
  appendAnchor(home, head(1));
  for (const file of [home.auditKey, home.auditAnchor])
    expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('what is signed of a row and of a restore is their text on lines, and anybody can check it', () => {
  const home = fresh();
  appendRestored(home, { ...head(3), lost_to: 0 });
  appendAnchor(home, head(4));
  appendRestored(home, { ...head(5), lost_to: 9 });
  const [first, second, third] = anchors(home) as [Anchor, Anchor, Anchor];
  const hash = 'ab'.repeat(32);
  const { ts } = head(1);
  const { sig, ...unsigned } = third;
  expect(unsigned).toEqual({
    origin: 'vmware-audit',
    kind: 'restore',
    seq: 5,
    hash,
    ts,
    lost_to: 9,
    after: second.sig,
  });
  expect(first).toMatchObject({ after: '', lost_to: 0 });
  expect([first, second, third].map(isRestored)).toEqual([true, false, true]);
  const lines = readFileSync(home.auditAnchor, 'utf8').split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((text) => JSON.parse(text))).toEqual([first, second, third]);
  const key = createPublicKey(readFileSync(home.auditKey));
  expect(der(key)).toBe(key.export({ type: 'spki', format: 'der' }).toString('base64'));
  const isSigned = (text: string, by: string) =>
    verify(null, Buffer.from(text), key, Buffer.from(by, 'base64'));
  expect([
    isSigned(`vmware-audit\nrestore\n3\n${hash}\n0\n\n`, first.sig),
    isSigned(`vmware-audit\n4\n${hash}\n`, second.sig),
    isSigned(`vmware-audit\nrestore\n5\n${hash}\n9\n${second.sig}\n`, sig),
  ]).toEqual([true, true, true]);
});

const line = { origin: 'vmware-audit', ...head(1), sig: 'AAAA' };
const restoredLine = { ...line, kind: 'restore', lost_to: 0, after: '' };

test.each<[string, object]>([
  ['is empty', {}],
  ['has no signature', { ...line, sig: undefined }],
  ['has a field more', { ...line, more: 1 }],
  ['has an origin of two lines', { ...line, origin: 'a\nb' }],
  ['is of row 0', { ...line, seq: 0 }],
  ['is of half a row', { ...line, seq: 1.5 }],
  ['has a hash that is too long', { ...line, hash: 'ab'.repeat(33) }],
  ['has something before its hash', { ...line, hash: `-${line.hash}` }],
  ['has a hash that is too short', { ...line, hash: 'ab' }],
  ['has a hash in capitals', { ...line, hash: 'AB'.repeat(32) }],
  ['has a signature that is no base64', { ...line, sig: '-' }],
  ['is of another kind', { ...restoredLine, kind: 'other' }],
  ['lost rows before the first', { ...restoredLine, lost_to: -1 }],
  ['comes after what is no signature', { ...restoredLine, after: '-' }],
])('a line that %s is refused with the file it is in and what to do', (_what, bad) => {
  const home = fresh();
  const kept = join(home.dir, 'kept.anchor');
  const good = [line, restoredLine, { ...restoredLine, after: 'AAAA' }];
  writeFileSync(kept, good.map((one) => `${JSON.stringify(one)}\n`).join(''));
  expect(anchors(home, kept)).toEqual(good);
  appendFileSync(kept, `${JSON.stringify(bad)}\n`);
  expect(() => anchors(home, kept)).toThrow(
    expect.objectContaining({
      code: 'AUDIT_UNREADABLE',
      message: `${kept} has a line that is no checkpoint.`,
      remedy: `Keep a copy of ${home.dir}, restore audit.anchor from a backup, and run \`vmware-audit verify\`.`,
    }),
  );
});

test('a last line without its end is not taken, however whole it looks', () => {
  const home = fresh();
  writeFileSync(home.auditAnchor, `${JSON.stringify(line)}\n${JSON.stringify(restoredLine)}`);
  expect(anchors(home)).toEqual([line]);
});

test('a log may have no checkpoints yet, but a file of them that was named must be there', () => {
  const home = fresh();
  expect(anchors(home)).toEqual([]);
  expect(() => anchors(home, join(home.dir, 'no-such.anchor'))).toThrow('ENOENT');
});
