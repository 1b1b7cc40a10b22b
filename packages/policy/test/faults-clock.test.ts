import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { moveClock, otherTime } from '../../../test/kit/fault-shell.js';
import { atHand } from '../../../test/kit/tool-at-hand.js';
import { lastEvents } from '../src/audit/query.js';
import { verifyLog } from '../src/audit/verify.js';
import { issueGrant, newGrantId } from '../src/break-glass/grants.js';
import type { Outcome } from '../src/call.js';
import { homeAt } from '../src/home.js';
import type { How } from '../src/request.js';
import { bundleChild, type Child, type Program } from './spawn.js';
import { openTarget } from './target.js';

let program: Program;
beforeAll(async () => {
  program = await bundleChild();
});
afterAll(() => program[Symbol.dispose]());

const able = atHand('clocks that are off', 'faketime');
const go = { dryRun: false } as const;

/** A home, a target, and programs whose clock is moved by `clock`. */
async function elsewhen() {
  const target = await openTarget();
  const home = homeAt(mkdtempSync(join(tmpdir(), 'clock-')));
  const file = join(mkdtempSync(join(tmpdir(), 'time-')), 'offset');
  const shell = otherTime(file);
  return {
    home,
    target,
    clock: (by: string) => moveClock(file, by),
    start: () => program.start(home.dir, target.url, { shell }),
    [Symbol.asyncDispose]: () => target[Symbol.asyncDispose](),
  };
}

const raise = (child: Child, how: Partial<How> = go): Promise<Outcome> =>
  child.ask({ call: 'raise_counter', input: { name: 'red' }, how }) as Promise<Outcome>;

const done = { status: 'done' };

test.skipIf(!able)(
  'with a clock six years off, before and during, rows keep their order, say where it went back, and verify',
  async () => {
    await using at = await elsewhen();
    at.clock('-6y');
    using early = await at.start();
    expect(await raise(early)).toMatchObject(done);
    at.clock('+6y');
    expect(await raise(early)).toMatchObject(done);
    at.clock('-6y');
    expect(await raise(early)).toMatchObject(done);
    expect(await raise(early)).toMatchObject(done);
    at.clock('+0');
    using late = await at.start();
    expect(await raise(late)).toMatchObject(done);
    expect(await raise(early)).toMatchObject(done);

    const { rows } = lastEvents(at.home, {}, 1_000);
    const intents = rows.filter(({ phase }) => phase === 'intent');
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, at) => at + 1));
    expect(intents.map(({ clock_regress }) => clock_regress)).toEqual([0, 0, 1, 0, 0, 0]);
    const year = new Date().getUTCFullYear();
    const years = intents.map(({ ts }) => new Date(ts).getUTCFullYear() - year);
    expect(years).toEqual([-6, 6, -6, -6, 0, 0]);
    expect(verifyLog(at.home)).toMatchObject({ verdict: 'intact', problem: null });
    expect(at.target.changed).toBe(6);
  },
);

test.skipIf(!able)('a grant is void while the clock is before it or after it', async () => {
  await using at = await elsewhen();
  writeFileSync(
    at.home.rules,
    'version: 1\ndefault: {write: permit}\nrules:\n  - {id: freeze, effect: forbid, effects: [write, destroy]}\n',
    { mode: 0o600 },
  );
  issueGrant(at.home, {
    v: 1,
    id: newGrantId(),
    user: userInfo().username,
    tools: ['raise_*'],
    targets: ['lab'],
    reason: 'INC-12: the counter is stuck',
    approved: [],
    issued_at: new Date(Date.now() - 1_000).toISOString(),
    expires_at: new Date(Date.now() + 600_000).toISOString(),
  });
  using child = await at.start();
  for (const [clock, expected] of [
    ['+0', { status: 'preview' }],
    ['-6y', { status: 'refused', rule: 'freeze' }],
    ['+6y', { status: 'refused', rule: 'freeze' }],
    ['+0', { status: 'preview' }],
  ] as const) {
    at.clock(clock);
    expect(await raise(child), clock).toMatchObject(expected);
  }
  expect(at.target.changed).toBe(0);
});

test.skipIf(!able)('a consent holds no longer because the clock was set back', async () => {
  await using at = await elsewhen();
  writeFileSync(at.home.rules, 'version: 1\ndefault: {write: permit, consent: {medium: seal}}\n', {
    mode: 0o600,
  });
  using child = await at.start();
  const preview = await raise(child, { dryRun: true });
  if (preview.status !== 'preview' || preview.consent === undefined)
    throw new Error(JSON.stringify(preview));
  const agreed = { dryRun: false, consent: { seal: preview.consent, by: 'caller' } } as const;
  for (const clock of ['-6y', '+6y']) {
    at.clock(clock);
    expect(await raise(child, agreed), clock).toMatchObject({
      status: 'preview',
      hint: expect.stringContaining('has expired'),
    });
  }
  expect(at.target.changed).toBe(0);
  at.clock('+0');
  expect(await raise(child, agreed)).toMatchObject(done);
});
