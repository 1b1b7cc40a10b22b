import { appendFileSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { homeAt } from '../home.js';
import { anchors, appendAnchor, isGenuine, lastAnchor, signingKey } from './anchor.js';

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
