import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { as, bodyOf, lab, labAt } from '../../test/lab.js';
import { sha256Hex } from '../audit/event.js';
import type { Outcome } from '../call.js';

const go = { dryRun: false, confirmed: true } as const;
const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stdout.write('skipped: approvals of other users need a test run as root\n');

/** A folder as an administrator makes it, and rules that send requests there. */
function shared({ consent = 'second_person', more = '' } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'approvals-'));
  mkdirSync(join(dir, 'spool'), { mode: 0o777 });
  const spool = join(dir, 'spool');
  chmodSync(spool, 0o1777);
  const rules = `version: 1
default: {write: permit, consent: {critical: ${consent}, medium: ${consent}}}
approvals: {directory: ${spool}${more}}
`;
  return { spool, rules };
}

const awaiting = (outcome: Outcome) => {
  const { code, details } = as('refused', outcome);
  expect(code).toBe('AWAITING_APPROVAL');
  return String(details?.['request']);
};

/** What `vmware-audit approve` of another user leaves: a file that belongs to them. */
function decide(spool: string, id: string, uid: number, change: Record<string, unknown> = {}) {
  const request = readFileSync(join(spool, `${id}.request.json`), 'utf8');
  const file = join(spool, `${id}.by-${uid}.json`);
  const decision = {
    v: 1,
    id,
    decision: 'approved',
    request_sha: sha256Hex(request),
    reason: '',
    at: new Date().toISOString(),
    ...change,
  };
  writeFileSync(file, JSON.stringify(decision), { mode: 0o644 });
  chownSync(file, uid, uid);
}

describe.runIf(isRoot)('a second person', () => {
  test('lets a change through once, and is named in its intent', async () => {
    const { spool, rules } = shared();
    await using at = await lab({ rules });
    const call = () => at.call(at.tools.deleteCounter, { name: 'red' }, go);
    const id = awaiting(await call());
    expect(awaiting(await call())).toBe(id);
    expect(at.target.changes()).toEqual([]);

    decide(spool, id, 65534);
    expect(await call()).toMatchObject({ status: 'done' });
    const intent = at.audit().find(({ phase }) => phase === 'intent');
    expect(bodyOf(intent)['consent']).toMatchObject({
      needed: 'second_person',
      approved: [{ user: 'nobody' }],
    });
    expect(readdirSync(spool)).toEqual([`${id}.by-65534.json`]);
  });

  test('approved a change that was asked for sixteen times at once: one is made', async () => {
    const { spool, rules } = shared();
    await using at = await lab({ rules });
    const call = () => at.call(at.tools.raiseCounter, { name: 'red' }, go);
    decide(spool, awaiting(await call()), 65534);
    const ends = await Promise.all(Array.from({ length: 16 }, call));
    expect(ends.filter(({ status }) => status === 'done')).toHaveLength(1);
    expect(at.target.changes()).toHaveLength(1);
    awaiting(await call());
  });

  test('approves in one process what another process then does', async () => {
    const { spool, rules } = shared();
    await using at = await lab({ rules });
    decide(spool, awaiting(await at.call(at.tools.raiseCounter, { name: 'red' }, go)), 65534);
    await using other = labAt(at.target, at.home.dir);
    expect(await other.call(other.tools.raiseCounter, { name: 'red' }, go)).toMatchObject({
      status: 'done',
    });
  });

  test.each<[string, (at: Awaited<ReturnType<typeof lab>>) => Promise<Outcome>]>([
    ['another input', (at) => at.call(at.tools.raiseCounter, { name: 'red', by: 2 }, go)],
    ['another tool', (at) => at.call(at.tools.resetCounter, { name: 'red' }, go)],
    [
      'another target',
      (at) => at.call(at.tools.raiseCounter, { name: 'red' }, { ...go, target: 'prod' }),
    ],
    [
      'a plan that has changed',
      (at) => {
        at.target.counters.set('red', { value: 4, note: '', locked: false });
        return at.call(at.tools.raiseCounter, { name: 'red' }, go);
      },
    ],
    [
      'another ticket',
      (at) => at.call(at.tools.raiseCounter, { name: 'red' }, { ...go, ticket: 'CHG1' }),
    ],
  ])('does not approve %s', async (_what, other) => {
    const { spool, rules } = shared();
    await using at = await lab({ rules });
    decide(spool, awaiting(await at.call(at.tools.raiseCounter, { name: 'red' }, go)), 65534);
    awaiting(await other(at));
    expect(at.target.changes()).toEqual([]);
  });

  test('is not root, unless the rules name root, and is nobody whom the rules leave out', async () => {
    for (const [more, uid] of [
      ['', 0],
      [', from: [bin]', 65534],
    ] as const) {
      const { spool, rules } = shared({ more });
      await using at = await lab({ rules });
      const id = awaiting(await at.call(at.tools.raiseCounter, { name: 'red' }, go));
      decide(spool, id, uid);
      awaiting(await at.call(at.tools.raiseCounter, { name: 'red' }, go));
      expect(at.target.changes()).toEqual([]);
    }
  });

  test('who rejects ends the request with a reason', async () => {
    const { spool, rules } = shared();
    await using at = await lab({ rules });
    const id = awaiting(await at.call(at.tools.raiseCounter, { name: 'red' }, go));
    decide(spool, id, 65534, { decision: 'rejected', reason: 'not on a Friday' });
    expect(await at.call(at.tools.raiseCounter, { name: 'red' }, go)).toMatchObject({
      status: 'refused',
      code: 'REJECTED',
      message: expect.stringContaining('nobody rejected it: not on a Friday'),
    });
    expect(at.target.changes()).toEqual([]);
  });

  test.each<[string, (file: string) => void]>([
    [
      'of another request text',
      (file) => writeFileSync(file, edited(file, { request_sha: 'a'.repeat(64) })),
    ],
    ['that others may write', (file) => chmodSync(file, 0o666)],
    ['that is no JSON', (file) => writeFileSync(file, '{')],
    [
      'that is a link',
      (file) => {
        renameSync(file, `${file}.kept`);
        symlinkSync(`${file}.kept`, file);
      },
    ],
  ])('an approval %s counts for nothing', async (_what, spoil) => {
    const { spool, rules } = shared();
    await using at = await lab({ rules });
    const id = awaiting(await at.call(at.tools.raiseCounter, { name: 'red' }, go));
    decide(spool, id, 65534);
    spoil(join(spool, `${id}.by-65534.json`));
    awaiting(await at.call(at.tools.raiseCounter, { name: 'red' }, go));
    expect(at.target.changes()).toEqual([]);
  });

  test('two approvals need two people', async () => {
    const { spool, rules } = shared({ consent: 'flag' });
    const two = `${rules}rules:\n  - {id: two, effect: require, obligations: {approvals: 2}}\n`;
    await using at = await lab({ rules: two });
    const call = () => at.call(at.tools.raiseCounter, { name: 'red' }, go);
    const id = awaiting(await call());
    decide(spool, id, 65534);
    expect(awaiting(await call())).toBe(id);
    decide(spool, id, 1);
    expect(await call()).toMatchObject({ status: 'done' });
  });
});

test('a request that has expired is replaced by a new one', async () => {
  const { spool, rules } = shared({ consent: 'human' });
  await using at = await lab({ rules });
  const call = () => at.call(at.tools.raiseCounter, { name: 'red' }, go);
  const id = awaiting(await call());
  const file = join(spool, `${id}.request.json`);
  writeFileSync(file, edited(file, { expires_at: new Date(Date.now() - 1).toISOString() }));
  decideAsSelf(spool, id);
  expect(awaiting(await call())).not.toBe(id);
  expect(at.target.changes()).toEqual([]);
});

test('a person who can approve for themselves does so in a folder of their own', async () => {
  await using at = await lab({
    rules: 'version: 1\ndefault: {write: permit, consent: {medium: human}}\n',
  });
  const call = () => at.call(at.tools.raiseCounter, { name: 'red' }, go);
  decideAsSelf(at.home.approvals, awaiting(await call()));
  expect(await call()).toMatchObject({ status: 'done' });
  awaiting(await call());
});

test('a folder in which files could be put in the name of others is not used', async () => {
  const { spool, rules } = shared();
  chmodSync(spool, 0o777);
  await using at = await lab({ rules });
  expect(await at.call(at.tools.raiseCounter, { name: 'red' }, go)).toMatchObject({
    code: 'APPROVALS_UNSAFE',
    remedy: expect.stringContaining('chmod +t'),
  });
  expect(at.target.changes()).toEqual([]);
});

test('a ticket that the rules ask for is bound to the change and recorded with it', async () => {
  await using at = await lab({
    rules:
      'version: 1\ndefault: {write: permit}\nrules:\n  - {id: t, effect: require, obligations: {ticket: "CHG*"}}\n',
  });
  for (const ticket of [undefined, '', 'INC1'])
    expect(await at.call(at.tools.raiseCounter, { name: 'red' }, { ...go, ticket })).toMatchObject({
      status: 'refused',
      code: 'NO_TICKET',
    });
  const preview = await at.call(at.tools.raiseCounter, { name: 'red' }, { ticket: 'CHG1' });
  expect(
    await at.agree(at.tools.raiseCounter, { name: 'red' }, preview, { ticket: 'CHG2' }),
  ).toMatchObject({ status: 'preview', hint: expect.stringContaining('another plan') });
  expect(
    await at.agree(at.tools.raiseCounter, { name: 'red' }, preview, { ticket: 'CHG1' }),
  ).toMatchObject({ status: 'done' });
  const intent = at.audit().find(({ phase }) => phase === 'intent');
  expect(bodyOf(intent)['ticket']).toBe('CHG1');
});

function decideAsSelf(spool: string, id: string) {
  const request = readFileSync(join(spool, `${id}.request.json`), 'utf8');
  const decision = {
    v: 1,
    id,
    decision: 'approved',
    request_sha: sha256Hex(request),
    reason: '',
    at: new Date().toISOString(),
  };
  writeFileSync(join(spool, `${id}.by-${process.getuid?.()}.json`), JSON.stringify(decision), {
    mode: 0o600,
  });
}

const edited = (file: string, change: Record<string, unknown>): string =>
  JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), ...change });
