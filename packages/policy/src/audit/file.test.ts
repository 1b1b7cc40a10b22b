import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isMutating } from '../../../../test/kit/mutating.js';
import { lab, labAt } from '../../test/lab.js';
import { bundleChild, type Program } from '../../test/spawn.js';
import { openTarget } from '../../test/target.js';
import { type Home, homeAt } from '../home.js';
import { openDatabase } from './driver.js';
import { verifyLog } from './verify.js';

let program: Program;
beforeAll(async () => {
  program = await bundleChild();
});
afterAll(() => program[Symbol.dispose]());

const change = { name: 'red' };
const go = { dryRun: false } as const;
const unavailable = {
  code: 'AUDIT_UNAVAILABLE',
  remedy: expect.stringContaining('`vmware-audit verify`'),
};
const side = (home: Home) => join(home.dir, 'aside.db');

/** What befalls a log that no program has open, and how it is mended. */
const atRest: [string, (home: Home) => void, (home: Home) => void][] = [
  [
    'that others may read',
    ({ auditDb }) => chmodSync(auditDb, 0o644),
    ({ auditDb }) => chmodSync(auditDb, 0o600),
  ],
  [
    'that is a symbolic link',
    (home) => {
      renameSync(home.auditDb, side(home));
      symlinkSync(side(home), home.auditDb);
    },
    (home) => renameSync(side(home), home.auditDb),
  ],
  [
    'that is a directory',
    (home) => {
      renameSync(home.auditDb, side(home));
      mkdirSync(home.auditDb);
    },
    (home) => {
      rmSync(home.auditDb, { recursive: true });
      renameSync(side(home), home.auditDb);
    },
  ],
  [
    'whose header is garbage',
    (home) => {
      copyFileSync(home.auditDb, side(home));
      writeFileSync(
        home.auditDb,
        Buffer.concat([Buffer.alloc(100, 7), readFileSync(home.auditDb).subarray(100)]),
      );
    },
    (home) => renameSync(side(home), home.auditDb),
  ],
  [
    'of a newer schema',
    ({ auditDb }) => pragma(auditDb, 'user_version = 99'),
    ({ auditDb }) => pragma(auditDb, 'user_version = 1'),
  ],
  [
    'of another program',
    ({ auditDb }) => pragma(auditDb, 'application_id = 1'),
    ({ auditDb }) => pragma(auditDb, 'application_id = 0x564d4155'),
  ],
  [
    'whose last row was edited',
    ({ auditDb }) => edit(auditDb, "'bob'"),
    ({ auditDb }) => edit(auditDb, 'agent'),
  ],
];

function pragma(file: string, statement: string): void {
  const { db } = openDatabase(file);
  db.exec(`PRAGMA ${statement}`);
  db.close();
}

/** Keeps the true session beside the false one, to put it back. */
function edit(file: string, agent: string): void {
  const { db } = openDatabase(file);
  db.exec('DROP TRIGGER IF EXISTS event_is_append_only_update');
  db.exec(
    agent === 'agent'
      ? "UPDATE event SET agent = 'test' WHERE seq = (SELECT max(seq) FROM event)"
      : `UPDATE event SET agent = ${agent} WHERE seq = (SELECT max(seq) FROM event)`,
  );
  db.close();
}

for (const [what, spoil, mend] of atRest)
  test(`with a log ${what} nothing is changed, and once mended it is without a restart`, async () => {
    await using target = await openTarget();
    const dir = mkdtempSync(join(tmpdir(), 'log-'));
    await using before = labAt(target, dir);
    expect(await before.call(before.tools.raiseCounter, change, go)).toMatchObject({
      status: 'done',
    });
    await before.governed.close();
    spoil(homeAt(dir));
    await using at = labAt(target, dir);
    expect(await at.call(at.tools.raiseCounter, change, go)).toMatchObject({
      status: 'refused',
      ...unavailable,
    });
    expect(await at.call(at.tools.getCounter, change)).toMatchObject({
      status: 'refused',
      ...unavailable,
    });
    expect(target.changes()).toHaveLength(1);
    mend(homeAt(dir));
    expect(await at.call(at.tools.raiseCounter, change, go)).toMatchObject({ status: 'done' });
    expect(verifyLog(at.home)).toMatchObject({ verdict: 'intact', rows: 4 });
  });

test('with a log that vanished while it was open nothing is changed until it is back', async () => {
  await using at = await lab();
  await at.call(at.tools.raiseCounter, change, go);
  renameSync(at.home.auditDb, side(at.home));
  for (let i = 0; i < 3; i += 1)
    expect(await at.call(at.tools.raiseCounter, change, go)).toMatchObject({
      status: 'refused',
      ...unavailable,
    });
  expect(at.target.changes()).toHaveLength(1);
  renameSync(side(at.home), at.home.auditDb);
  expect(await at.call(at.tools.raiseCounter, change, go)).toMatchObject({ status: 'done' });
  expect(verifyLog(at.home)).toMatchObject({ verdict: 'intact', rows: 4 });
});

test('with a log that was replaced by an older copy of itself nothing is changed', async () => {
  await using at = await lab();
  await at.call(at.tools.raiseCounter, change, go);
  const { db } = openDatabase(at.home.auditDb);
  db.exec(`VACUUM INTO '${side(at.home)}'`);
  db.close();
  chmodSync(side(at.home), 0o600);
  await at.call(at.tools.raiseCounter, change, go);
  renameSync(side(at.home), at.home.auditDb);
  for (const file of ['-wal', '-shm']) rmSync(`${at.home.auditDb}${file}`);
  for (let i = 0; i < 3; i += 1)
    expect(await at.call(at.tools.raiseCounter, change, go)).toMatchObject({
      status: 'refused',
      ...unavailable,
    });
  expect(at.target.changes()).toHaveLength(2);
});

test('a log that is gone is missed by the next program when it was signed', async () => {
  await using at = await lab();
  await at.call(at.tools.raiseCounter, change, go);
  await at.governed.close();
  unlinkSync(at.home.auditDb);
  await using next = labAt(at.target, at.home.dir);
  expect(await next.call(next.tools.raiseCounter, change, go)).toMatchObject({
    status: 'refused',
    ...unavailable,
  });
  expect(at.target.changes()).toHaveLength(1);
});

test.skipIf(isMutating)(
  'while another program holds the lock nothing is changed, and afterwards it is',
  async () => {
    await using at = await lab();
    await at.call(at.tools.raiseCounter, change, go);
    using other = await program.start(at.home.dir, at.target.url);
    await other.ask({ lock: true });
    expect(await at.call(at.tools.raiseCounter, change, go)).toMatchObject({ ...unavailable });
    expect(at.target.changes()).toHaveLength(1);
    await other.ask({ lock: false });
    expect(await at.call(at.tools.raiseCounter, change, go)).toMatchObject({ status: 'done' });
  },
);

test.runIf(process.getuid?.() === 0 && !isMutating)(
  'in a folder that cannot be written nothing is changed until it can',
  async () => {
    const nobody = { uid: 65_534, gid: 65_534 };
    await using target = await openTarget();
    const dir = mkdtempSync(join(tmpdir(), 'nobody-'));
    chownSync(dir, nobody.uid, nobody.gid);
    chmodSync(dir, 0o500);
    using child = await program.start(dir, target.url, nobody);
    const ask = () => child.ask({ call: 'raise_counter', input: change, how: go });
    expect(await ask()).toMatchObject({ status: 'refused', code: 'AUDIT_UNAVAILABLE' });
    expect(target.changes()).toEqual([]);
    chmodSync(dir, 0o700);
    expect(await ask()).toMatchObject({ status: 'done' });
  },
);

test('a log that cannot be written after the change was carried out makes it unknown, not failed', async () => {
  await using at = await lab();
  await at.call(at.tools.getCounter, change);
  at.target.arrived = () => renameSync(at.home.auditDb, side(at.home));
  expect(await at.call(at.tools.raiseCounter, change, go)).toMatchObject({
    status: 'unknown',
    code: 'AUDIT_UNAVAILABLE',
    message: expect.stringContaining('was carried out'),
  });
  expect(at.target.changes()).toHaveLength(1);
});

test('the folder and the log are for their owner only', async () => {
  await using at = await lab();
  chmodSync(at.home.dir, 0o755);
  await at.call(at.tools.getCounter, change);
  expect(statSync(at.home.dir).mode & 0o777).toBe(0o700);
  expect(statSync(at.home.auditDb).mode & 0o777).toBe(0o600);
});
