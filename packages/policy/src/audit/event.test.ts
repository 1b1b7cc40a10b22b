import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical, columns, type Event, genesis, hashOf, phases, sha256Hex } from './event.js';
import { migrations } from './schema.js';

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
};

test('equal values have one canonical text, whatever the order of their keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonical(shuffled(value))).toBe(canonical(value));
      expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('what is undefined is left out of objects and null in lists', () => {
  expect(canonical({ b: undefined, a: [undefined, 1] })).toBe('{"a":[null,1]}');
});

test('the canonical text has no spaces, and its keys are sorted by their code units', () => {
  const value = { b: [1, { d: null, c: 'ü"' }], a: true, B: 1.5, '10': [], '9': {} };
  expect(canonical(value)).toBe('{"10":[],"9":{},"B":1.5,"a":true,"b":[1,{"c":"ü\\"","d":null}]}');
});

const file = join(import.meta.dirname, '../../verifier/vectors/rows.json');
const published = (
  JSON.parse(readFileSync(file, 'utf8')) as (Event & { prev: string; hash: string })[]
).map((row) => ({ ...row, prev: Buffer.from(row.prev, 'hex') }));

test('every published row has its published hash', () => {
  expect(published.map((row) => hashOf(row).toString('hex'))).toEqual(
    published.map(({ hash }) => hash),
  );
});

test('a hash is of the name of the format, the hash before, and the row with the digest of its body', () => {
  const [row] = published;
  if (!row) throw new Error('no rows');
  const values = [
    ...[row.seq, row.event_id, row.op_id, row.phase, row.ts, row.clock_regress, row.boot, row.pid],
    ...[row.skill, row.tool, row.target, row.environment, row.actor, row.agent, row.session],
    ...[row.risk, row.decision, row.rule, row.rules_sha, row.args_sha, row.status, row.duration_us],
  ];
  const body = createHash('sha256').update(row.body).digest('hex');
  const text = JSON.stringify([...values, body]);
  const bytes = Buffer.concat([Buffer.from('vmaudit/1'), row.prev, Buffer.from(text)]);
  expect(hashOf(row).toString('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(row.prev.equals(genesis)).toBe(true);
});

test('a SHA-256 is hexadecimal, of text as of bytes', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect([sha256Hex('abc'), sha256Hex(Buffer.from('abc'))]).toEqual([abc, abc]);
});

test('the columns and phases are those of the table', () => {
  const table = /CREATE TABLE event\(([\s\S]*?)\) STRICT/.exec(migrations[0] ?? '')?.[1] ?? '';
  expect(columns).toEqual([...table.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name));
  expect(phases).toEqual([...table.matchAll(/'(\w+)'/g)].map(([, name]) => name));
});
