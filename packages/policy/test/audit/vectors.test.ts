import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { hex } from '../../src/audit/chain.js';
import { type Event, hashOf } from '../../src/audit/event.js';
import { verifyLog } from '../../src/audit/verify.js';
import type { Home } from '../../src/home.js';
import { quickHome } from './log-lab.js';
import { askPython, hasPython } from './python.js';

const vectors = join(import.meta.dirname, '../../verifier/vectors');
const read = (name: string): unknown => JSON.parse(readFileSync(join(vectors, name), 'utf8'));

interface Log {
  readonly name: string;
  readonly verdict: 'intact' | 'tampered' | 'incomplete' | 'unreadable';
  readonly first_bad_row: number | null;
  readonly files: Readonly<Record<string, string>>;
}
const logs = read('logs.json') as Log[];
const exits = { intact: 0, tampered: 1, incomplete: 2, unreadable: 3 };

function unpacked({ files }: Log): Home {
  const home = quickHome();
  for (const [name, packed] of Object.entries(files)) {
    mkdirSync(dirname(join(home.dir, name)), { recursive: true });
    writeFileSync(join(home.dir, name), gunzipSync(Buffer.from(packed, 'base64')), { mode: 0o600 });
  }
  return home;
}

test('every published row has its published hash', () => {
  const rows = read('rows.json') as (Omit<Event, 'prev' | 'hash'> & {
    prev: string;
    hash: string;
  })[];
  expect(rows).toHaveLength(12);
  for (const row of rows) {
    const bytes = { prev: Buffer.from(row.prev, 'hex'), hash: Buffer.from(row.hash, 'hex') };
    expect(hex(hashOf({ ...row, ...bytes }))).toBe(row.hash);
  }
});

for (const log of logs) {
  const { name, verdict, first_bad_row } = log;
  test(`the published log "${name}" is ${verdict}`, () => {
    const home = unpacked(log);
    expect(verifyLog(home)).toMatchObject({ verdict, first_bad_row });
    rmSync(home.dir, { recursive: true });
  });

  test.runIf(hasPython)(`the independent verifier says so of "${name}" too`, () => {
    const home = unpacked(log);
    const { said, status } = askPython(home.dir);
    expect(said).toMatchObject([{ verdict, first_bad_row }]);
    expect(status).toBe(exits[verdict]);
    rmSync(home.dir, { recursive: true });
  });
}

test('the published logs have every verdict', () => {
  expect(new Set(logs.map(({ verdict }) => verdict))).toEqual(new Set(Object.keys(exits)));
});
