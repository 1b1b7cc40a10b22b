import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256Hex } from '../audit/event.js';
import type { ApprovalRequest, Decision } from './request.js';
import { Spool, sharedSpool, spoolAt } from './spool.js';

const me = process.getuid?.() ?? 0;

function folder(mode: number): string {
  const dir = mkdtempSync(join(tmpdir(), 'spool-'));
  chmodSync(dir, mode);
  return dir;
}

const id = (n: number) => `${n}`.padStart(16, 'a');
const request = (n: number, change: object = {}) =>
  ({
    v: 1,
    id: id(n),
    requested_at: '2026-11-28T10:00:00.000Z',
    expires_at: '2026-11-28T10:30:00.000Z',
    subject: { plan: { summary: 'Raise red' } },
    ...change,
  }) as unknown as ApprovalRequest;
const decision = (n: number, change: object = {}) =>
  ({
    v: 1,
    id: id(n),
    decision: 'approved',
    request_sha: 'ab'.repeat(32),
    reason: '',
    at: '2026-11-28T10:01:00.000Z',
    ...change,
  }) as Decision;

const put = (dir: string, name: string, value: unknown) => {
  writeFileSync(join(dir, name), JSON.stringify(value), { mode: 0o600 });
  return join(dir, name);
};

test('what is filed is read again, with its owner and the digest of its bytes', () => {
  const dir = folder(0o700);
  const spool = new Spool(dir);
  for (const n of [2, 1]) spool.file(request(n));
  const bytes = readFileSync(join(dir, `${id(1)}.request.json`));
  const filed = { value: request(1), uid: me, sha: sha256Hex(bytes) };
  expect(spool.file(request(1))).toEqual(filed);
  expect(spool.requests().map(({ value }) => value)).toEqual([request(1), request(2)]);
  expect(spool.request(id(1))).toEqual(filed);
  expect(spool.request(id(3))).toBeUndefined();
  expect(bytes.toString()).toBe(`${JSON.stringify(request(1), null, 2)}\n`);
  expect(readdirSync(dir).sort()).toEqual([`${id(1)}.request.json`, `${id(2)}.request.json`]);
});

test('a decision belongs to a request and to whoever made it, and is taken away with it', () => {
  const dir = folder(0o700);
  const spool = new Spool(dir);
  for (const n of [1, 2]) spool.file(request(n));
  expect(spool.decide(decision(1))).toBe(join(dir, `${id(1)}.by-${me}.json`));
  spool.decide(decision(2, { decision: 'rejected', reason: 'no' }));
  expect(spool.decisions(id(1)).map(({ value, uid }) => [value, uid])).toEqual([[decision(1), me]]);
  expect(spool.decisions(id(2)).map(({ value }) => value.reason)).toEqual(['no']);
  spool.clear(id(1));
  spool.clear(id(1));
  expect(readdirSync(dir).sort()).toEqual([`${id(2)}.by-${me}.json`, `${id(2)}.request.json`]);
});

test('a user decides once: a second file in the same name counts for nothing', () => {
  const dir = folder(0o700);
  put(dir, `${id(1)}.by-1.json`, decision(1));
  put(dir, `${id(1)}.by-2.json`, decision(1, { decision: 'rejected' }));
  expect(new Spool(dir).decisions(id(1)).map(({ value }) => value.decision)).toEqual(['approved']);
});

test('others of the machine may read what is in a folder they share, and nobody what is not', () => {
  for (const [mode, isShared, file] of [
    [0o1777, true, 0o644],
    [0o1770, true, 0o644],
    [0o1702, true, 0o644],
    [0o755, false, 0o600],
    [0o700, false, 0o600],
  ] as const) {
    const dir = folder(mode);
    const spool = new Spool(dir);
    expect(spool.isShared).toBe(isShared);
    spool.file(request(1));
    expect(statSync(join(dir, `${id(1)}.request.json`)).mode & 0o777).toBe(file);
  }
});

test('a folder that lets files stand in the name of others is refused, with what mends it', () => {
  const refusals: [string, (dir: string) => void, string, string][] = [
    ['is no folder', () => {}, 'sudo install -d -m 1777', ''],
    ['is no folder', (dir) => writeFileSync(dir, ''), 'sudo install -d -m 1777', ''],
    ['lets others remove files', (dir) => mkdirSync(dir), 'sudo chmod +t', 'chmod 777'],
    ['lets others remove files', (dir) => mkdirSync(dir), 'sudo chmod +t', 'chmod 720'],
  ];
  for (const [what, make, command, then] of refusals) {
    const dir = join(folder(0o700), 'spool');
    make(dir);
    if (then) chmodSync(dir, Number.parseInt(then.slice(6), 8));
    expect(() => new Spool(dir)).toThrow(
      expect.objectContaining({
        code: 'APPROVALS_UNSAFE',
        message: `${dir}, the folder of approvals, ${what}.`,
        remedy: `Run \`${command} ${dir}\`.`,
      }),
    );
  }
});

test.runIf(me === 0)('a folder of another user is refused, and a file of theirs is theirs', () => {
  const dir = folder(0o1777);
  chownSync(put(dir, `${id(1)}.request.json`, request(1)), 65_534, 65_534);
  chownSync(put(dir, `${id(1)}.by-7.json`, decision(1)), 7, 7);
  const spool = new Spool(dir);
  expect(spool.request(id(1))?.uid).toBe(65_534);
  expect(spool.decisions(id(1)).map(({ uid }) => uid)).toEqual([7]);
  chownSync(dir, 65_534, 65_534);
  expect(() => new Spool(dir)).toThrow(
    expect.objectContaining({
      message: `${dir}, the folder of approvals, belongs to another user.`,
      remedy: `Run \`sudo chown root ${dir}\`.`,
    }),
  );
});

test('files that are not what their name says are passed over', () => {
  const dir = folder(0o700);
  const spool = new Spool(dir);
  const spoiled: ((file: string) => void)[] = [
    (file) => chmodSync(file, 0o620),
    (file) => chmodSync(file, 0o602),
    (file) => linkSync(file, join(dir, `link-${file.slice(-20)}`)),
    (file) => truncateSync(file, 1024 * 1024 + 1),
    (file) => writeFileSync(file, '{'),
  ];
  for (const [i, spoil] of spoiled.entries()) spoil(put(dir, `${id(i)}.request.json`, request(i)));
  put(dir, 'kept', request(11));
  symlinkSync(join(dir, 'kept'), join(dir, `${id(11)}.request.json`));
  mkdirSync(join(dir, `${id(12)}.request.json`));
  for (const name of ['x', 'request.json', `${id(13)}.request.json.old`, `a${id(13)}.request.json`])
    put(dir, name, request(13));
  expect(spool.requests()).toEqual([]);

  const long = put(dir, `${id(14)}.request.json`, request(14));
  writeFileSync(long, JSON.stringify(request(14)).padEnd(1024 * 1024));
  expect(spool.requests().map(({ value }) => value.id)).toEqual([id(14)]);
});

test.each([
  null,
  [],
  'text',
  7,
  request(1, { v: 2 }),
  request(1, { id: 1 }),
  request(1, { requested_at: 'noon' }),
  request(1, { expires_at: undefined }),
  request(1, { subject: undefined }),
  request(1, { subject: [] }),
  request(1, { subject: {} }),
  request(1, { subject: { plan: null } }),
])('%j is no request', (value) => {
  const dir = folder(0o700);
  put(dir, `${id(1)}.request.json`, value);
  expect(new Spool(dir).requests()).toEqual([]);
});

test.each([
  null,
  [],
  decision(1, { v: 2 }),
  decision(1, { request_sha: undefined }),
  decision(1, { decision: 'perhaps' }),
  decision(2),
])('%j is no decision about it', (value) => {
  const dir = folder(0o700);
  put(dir, `${id(1)}.by-0.json`, value);
  for (const name of [`${id(1)}.by-x.json`, `${id(1)}.by-0.json.old`, `a${id(1)}.by-0.json`])
    put(dir, name, decision(1));
  expect(new Spool(dir).decisions(id(1))).toEqual([]);
});

test.skipIf(existsSync(sharedSpool))(
  'without a folder of the machine a user has one of their own',
  () => {
    const own = join(folder(0o700), 'deep', 'approvals');
    expect(spoolAt(undefined, own)).toMatchObject({ dir: own, isShared: false });
    expect(statSync(own).mode & 0o777).toBe(0o700);
  },
);

test('the folder that rules name is used as it is, or not at all', () => {
  const named = folder(0o1777);
  expect(spoolAt(named, '/nowhere')).toMatchObject({ dir: named, isShared: true });
  expect(() => spoolAt(join(named, 'none'), named)).toThrow('is no folder');
});
