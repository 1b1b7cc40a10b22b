import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  asNobody,
  asSeenBy,
  failCalls,
  failing,
  limitFiles,
  nobody,
  readOnly,
  type Shell,
  smallDisk,
  writableAgain,
} from '../../../test/kit/fault-shell.js';
import { logFaults, soonBack, soonRefused } from '../../../test/kit/log-faults.js';
import { atHand, isRoot } from '../../../test/kit/tool-at-hand.js';
import { openDatabase } from '../src/audit/driver.js';
import { lastEvents } from '../src/audit/query.js';
import { verifyLog } from '../src/audit/verify.js';
import { type Home, homeAt } from '../src/home.js';
import type { Timed } from './child.js';
import { bodyOf } from './lab.js';
import { bundleChild, type Child, type Program } from './spawn.js';
import { openTarget } from './target.js';

let program: Program;
beforeAll(async () => {
  program = await bundleChild();
});
afterAll(() => program[Symbol.dispose]());

/** A program whose home is as it sees it. */
interface Running {
  readonly pid: number;
  readonly home: Home;
}

interface Fault {
  readonly what: string;
  /** Words that the program starts with. */
  readonly shell?: (home: Home) => Shell;
  /** The user that has the home and runs the program. */
  readonly as?: typeof nobody;
  /** Before the program starts, on a log that is there and closed; else on one that is open, with calls made. */
  readonly atRest?: (home: Home) => Mend;
  readonly whileOpen?: (running: Running) => Mend;
  /** SQLite may find a row again whose commit had failed. Its change was refused, and the log says so. */
  readonly mayFindAgain?: true;
}
type Mend = (running: Running) => void;

const control = join(mkdtempSync(join(tmpdir(), 'fiu-')), 'control');

const inShells: readonly Fault[] = [
  {
    what: 'is on a full disk',
    shell: ({ dir }) => smallDisk(dir, 512),
    whileOpen({ home }) {
      const filler = join(home.dir, 'filler');
      expect(() => writeFileSync(filler, Buffer.alloc(2 ** 20))).toThrow('ENOSPC');
      return () => rmSync(filler);
    },
  },
  {
    what: 'may not become any larger',
    whileOpen({ pid }) {
      limitFiles(pid, 4_096);
      return () => limitFiles(pid, undefined);
    },
  },
  {
    what: 'is on a disk mounted read-only',
    shell: ({ dir }) => readOnly(dir),
    atRest:
      () =>
      ({ pid, home }) =>
        writableAgain(pid, home.dir),
  },
  ...[0o444, 0o400].map((mode) => ({
    what: `has mode 0${mode.toString(8)} for a plain user`,
    as: nobody,
    atRest({ auditDb }: Home) {
      chmodSync(auditDb, mode);
      return () => chmodSync(auditDb, 0o600);
    },
  })),
  {
    what: 'has an index of its WAL that a plain user cannot write',
    as: nobody,
    atRest({ auditDb }) {
      writeFileSync(`${auditDb}-shm`, '', { mode: 0o444 });
      return () => rmSync(`${auditDb}-shm`, { force: true });
    },
  },
  {
    what: 'cannot be made durable',
    shell: () => failing(control),
    whileOpen({ pid }) {
      failCalls(pid, control, 'posix/io/sync/*', true);
      return () => failCalls(pid, control, 'posix/io/sync/*', false);
    },
    mayFindAgain: true,
  },
];

const plain: readonly Fault[] = logFaults.map(({ what, whileOpen, strike }) =>
  whileOpen
    ? { what, whileOpen: ({ home }) => strike(home) }
    : { what, atRest: (home) => strike(home) },
);

const go = { dryRun: false, confirmed: true } as const;
const withoutQuestions = `
version: 1
default: { read: permit, write: permit, consent: { low: none, medium: none, high: none, critical: none } }
`;

const ask = async (child: Child, call: string, input: Record<string, unknown>): Promise<Timed> =>
  (await child.ask({ timed: { call, input, how: call.startsWith('get') ? {} : go } })) as Timed;

const done = async (child: Child, tag: string): Promise<void> =>
  expect((await ask(child, 'raise_counter', { name: 'red', tag })).outcome).toMatchObject({
    status: 'done',
  });

const tooled = atHand(
  'faults of the audit log',
  'fiu-run',
  'prlimit',
  'setpriv',
  'unshare',
  'nsenter',
);
const able = tooled && isRoot('faults of the audit log');

test.for([...(able ? inShells : []), ...plain])(
  'nothing is changed when audit.db $what, which is said soon; once mended, the same program goes on',
  { timeout: 30_000 },
  async ({ shell, as, atRest, whileOpen, mayFindAgain }) => {
    await using target = await openTarget();
    const home = homeAt(mkdtempSync(join(tmpdir(), 'log-fault-')));
    writeFileSync(home.rules, withoutQuestions, { mode: 0o600 });
    if (as) for (const path of [home.dir, home.rules]) chownSync(path, as.uid, as.gid);
    const start = (words: Shell = []) =>
      program.start(home.dir, target.url, { shell: [...words, ...(as ? asNobody : [])] });

    if (atRest) {
      using before = await start();
      await done(before, 'before');
      before.process.disconnect();
      await once(before.process, 'exit');
      // Moves what is in the WAL into the file: nothing but the file is left.
      const { db } = openDatabase(home.auditDb);
      db.exec('PRAGMA journal_mode = DELETE');
      db.close();
    }
    const struck = atRest?.(home);
    using child = await start(shell?.(home));
    const pid = child.process.pid ?? 0;
    // A disk of its own begins empty.
    const seen = homeAt(asSeenBy(pid, home.dir));
    if (whileOpen) {
      writeFileSync(seen.rules, withoutQuestions, { mode: 0o600 });
      await done(child, 'before');
    }
    const mend = struck ?? whileOpen?.({ pid, home: seen });
    const before = target.changed;
    expect(before).toBe(1);

    for (const [call, name] of [
      ['raise_counter', 'red'],
      ['reset_counter', 'green'],
      ['delete_counter', 'blue'],
      ['get_counter', 'red'],
    ] as const) {
      const { outcome, took } = await ask(child, call, { name });
      expect(outcome).toMatchObject({
        status: expect.stringMatching(/^(refused|failed)$/),
        code: 'AUDIT_UNAVAILABLE',
        message: expect.stringContaining('audit log cannot be written'),
        remedy: expect.stringContaining('vmware-audit verify'),
      });
      expect(took).toBeLessThan(soonRefused);
    }
    expect(target.changed).toBe(before);

    mend?.({ pid, home });
    await vi.waitFor(() => done(child, 'after'), { timeout: soonBack, interval: 50 });
    // SQLite does not follow a path into the mounts of another process.
    const copy = homeAt(mkdtempSync(join(tmpdir(), 'log-fault-copy-')));
    cpSync(seen.dir, copy.dir, { recursive: true });
    expect(verifyLog(copy)).toMatchObject({ verdict: 'intact', problem: null });
    const intents = lastEvents(copy, {}, 1_000).rows.filter(({ phase }) => phase === 'intent');
    const tags = intents.map((row) => (bodyOf(row)['args'] as { tag?: string }).tag);
    expect(tags.filter((tag) => tag !== undefined)).toEqual(['before', 'after']);
    if (!mayFindAgain) expect(tags).toHaveLength(2);
    expect(target.changes().map(({ tag }) => tag)).toEqual(['before', 'after']);
  },
);
