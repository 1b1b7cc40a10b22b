import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bodyOf, lab } from '../../test/lab.js';
import { type Grant, grants, holdsAt, issueGrant, revokeGrant } from './grants.js';

const never =
  'version: 1\ndefault: {write: permit}\nrules:\n  - {id: freeze, effect: forbid, effects: [write, destroy]}\n';
const go = { dryRun: false, confirmed: true } as const;

const grant = (more: Partial<Grant> = {}): Grant => ({
  v: 1,
  id: 'aaaaaaaaaaaa',
  user: userInfo().username,
  tools: ['raise_*'],
  targets: ['lab'],
  reason: 'INC-12: the counter is stuck',
  approved: [],
  issued_at: new Date(Date.now() - 1_000).toISOString(),
  expires_at: new Date(Date.now() + 60_000).toISOString(),
  ...more,
});

test('what a rule forbids is done under a grant, with a preview first, and every row names the grant', async () => {
  await using at = await lab({ rules: never });
  const call = (how: object = go) => at.call(at.tools.raiseCounter, { name: 'red' }, how);
  expect(await call()).toMatchObject({ status: 'refused', rule: 'freeze' });
  issueGrant(at.home, grant());
  const preview = await call();
  expect(preview).toMatchObject({ status: 'preview' });
  expect(await at.agree(at.tools.raiseCounter, { name: 'red' }, preview)).toMatchObject({
    status: 'done',
  });
  expect(
    at
      .audit()
      .slice(1)
      .map(({ rule }) => rule),
  ).toEqual(Array.from({ length: 3 }, () => 'break-glass:aaaaaaaaaaaa'));
  expect(revokeGrant(at.home, 'aaaaaaaaaaaa')).toBe(true);
  expect(await call()).toMatchObject({ status: 'refused', rule: 'freeze' });
});

test.each<[string, Partial<Grant>]>([
  ['another user', { user: 'somebody-else' }],
  ['other tools', { tools: ['reset_*'] }],
  ['another target', { targets: ['prod'] }],
  ['the past', { expires_at: new Date(Date.now() - 1).toISOString() }],
  [
    'a time that has not come, as after a clock was set back',
    { issued_at: new Date(Date.now() + 30_000).toISOString() },
  ],
])('a grant for %s sets nothing aside', async (_what, more) => {
  await using at = await lab({ rules: never });
  issueGrant(at.home, grant(more));
  expect(await at.call(at.tools.raiseCounter, { name: 'red' }, go)).toMatchObject({
    status: 'refused',
    rule: 'freeze',
  });
});

test('a grant that was edited, or written by hand, is none', async () => {
  await using at = await lab({ rules: never });
  issueGrant(at.home, grant());
  const file = join(at.home.grants, 'aaaaaaaaaaaa.json');
  const text = readFileSync(file, 'utf8');
  for (const [from, to] of [
    ['raise_*', '*'],
    [grant().expires_at.slice(0, 4), '2999'],
    ['"sig": "', '"sig": "A'],
  ] as const) {
    writeFileSync(file, text.replace(from, to));
    expect(grants(at.home), `${from} to ${to}`).toEqual([]);
  }
  writeFileSync(file, text);
  expect(grants(at.home)).toHaveLength(1);
});

test('a grant sets aside no level, no broken rules and no audit log', async () => {
  const reader = `${never}roles: {reader: {users: ["*"], level: read_only}}\n`;
  await using at = await lab({ rules: reader });
  issueGrant(at.home, grant());
  const call = () => at.call(at.tools.raiseCounter, { name: 'red' }, go);
  expect(await call()).toMatchObject({ code: 'PERMISSION_DENIED' });
  at.rules('version: [');
  expect(await call()).toMatchObject({ code: 'RULES_UNAVAILABLE' });
  expect(at.target.changes()).toEqual([]);
});

test('what the rules oblige to is asked for under a grant too', async () => {
  await using at = await lab({
    rules: `${never}  - {id: t, effect: require, obligations: {ticket: "CHG*"}}\n`,
  });
  issueGrant(at.home, grant());
  const preview = await at.call(at.tools.raiseCounter, { name: 'red' });
  expect(await at.agree(at.tools.raiseCounter, { name: 'red' }, preview)).toMatchObject({
    code: 'NO_TICKET',
  });
  const again = await at.call(at.tools.raiseCounter, { name: 'red' }, { ticket: 'CHG7' });
  expect(
    await at.agree(at.tools.raiseCounter, { name: 'red' }, again, { ticket: 'CHG7' }),
  ).toMatchObject({ status: 'done' });
  const intent = at.audit().find(({ phase }) => phase === 'intent');
  expect(bodyOf(intent)).toMatchObject({ ticket: 'CHG7' });
});

test('a grant holds from its first instant to just before its last', () => {
  const one = grant({ issued_at: '2026-01-01T00:00:00Z', expires_at: '2026-01-01T01:00:00Z' });
  const at = (text: string) => holdsAt(one, Date.parse(text));
  expect(at('2025-12-31T23:59:59Z')).toBe(false);
  expect(at('2026-01-01T00:00:00Z')).toBe(true);
  expect(at('2026-01-01T00:59:59Z')).toBe(true);
  expect(at('2026-01-01T01:00:00Z')).toBe(false);
});
