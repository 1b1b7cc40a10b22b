import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Call, Caller } from '../call.js';
import { type Card, toolsFor } from '../tool.js';
import { digestOf } from './load.js';
import { openRules, type RulesOptions } from './rules.js';

const ann: Caller = { user: 'ann', agent: 'cli', session: 's', groups: [], surface: 'cli' };
const card = {
  name: 'wipe',
  usage: 'wipe',
  summary: 'Wipes.',
  effect: 'read',
  risk: 'medium',
  level: 'vm_lifecycle',
  input: z.object({}),
  output: z.object({}),
} satisfies Card;

const call = (over: Partial<Card> = {}, rest: Partial<Call> = {}): Call => ({
  id: '1',
  program: 'p',
  tool: toolsFor<unknown>()({ ...card, effect: 'write', ...over } as typeof card).run(
    async () => ({}),
  ),
  group: 'g',
  input: {},
  target: { name: 'vc', environment: 'lab' },
  connect: async () => undefined,
  surface: 'cli',
  caller: ann,
  dryRun: false,
  confirmed: false,
  canAsk: false,
  declined: false,
  signal: new AbortController().signal,
  progress: () => undefined,
  ...rest,
});

/** Remembers digests, and how often it was told one. */
const memory = (digest?: string) => {
  const told: string[] = [];
  return { told, get: () => told.at(-1) ?? digest, set: (next: string) => void told.push(next) };
};

function home(text?: string, options: Partial<RulesOptions> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'rules-'));
  const path = join(dir, 'rules.yaml');
  const write = (next: string) => writeFileSync(path, next, { mode: 0o600 });
  if (text !== undefined) write(text);
  const seen = memory();
  return {
    dir,
    path,
    write,
    seen,
    rules: openRules({ home: dir, rate: () => 0, seen, ...options }),
  };
}

const open = 'version: 1\ndefault: {write: permit}\n';
const seeWhy =
  'Run `vmware-audit rules explain` to see which rule decides and which condition failed.';

describe('the whole verdict', () => {
  test('of what is allowed', async () => {
    const text = `${open}rules:
  - {id: big, effect: forbid, when: {blast_radius: {min: 5}}}
  - {id: huge, effect: forbid, when: {blast_radius: {min: 50}}}
  - {id: care, effect: require, obligations: {consent: human, ticket: "CHG*", approvals: 2}}
`;
    expect(await home(text).rules.judge(call(), 'before')).toEqual({
      allowed: true,
      rule: 'default',
      reason: 'No rule forbids wipe on vc.',
      remedy: seeWhy,
      consent: 'human',
      approvals: 2,
      tickets: ['CHG*'],
      rules: digestOf(Buffer.from(text)),
      details: { consent_rule: 'care', set_aside: 2 },
    });
  });

  test('of what is denied', async () => {
    const text = `${open}rules: [{id: f, effect: forbid}]\n`;
    expect(await home(text).rules.judge(call(), 'after')).toEqual({
      allowed: false,
      code: 'DENIED_BY_RULE',
      rule: 'f',
      where: 'rules.yaml:3:9',
      reason: 'Rule f forbids wipe on vc.',
      remedy: seeWhy,
      consent: 'flag',
      approvals: 0,
      tickets: [],
      rules: digestOf(Buffer.from(text)),
      details: { consent_rule: 'default', set_aside: 0 },
    });
  });

  const diagnostic = { name: 'doctor', effect: 'read', diagnostic: true } as const;
  const diagnosed = {
    allowed: true,
    rule: 'diagnostic',
    reason: 'It reads our own records to find out what is wrong.',
    remedy: 'Run `vmware-audit rules show` to see the rules in force.',
    consent: 'none',
  };

  test('of what finds out what is wrong, whatever the rules say', async () => {
    const text = 'version: 1\ndefault: {read: forbid}\nroles: {}\n';
    const { rules } = home(text);
    const wanted = { ...diagnosed, rules: digestOf(Buffer.from(text)) };
    expect(await rules.judge(call(diagnostic), 'before')).toEqual(wanted);
    expect(await rules.roles().allow(call(diagnostic))).toEqual(wanted);
    expect(await rules.roles('groups').allow(call(diagnostic))).toMatchObject({
      allowed: false,
      code: 'PERMISSION_DENIED',
    });
    for (const other of [{ ...diagnostic, diagnostic: false }, { diagnostic: true }])
      expect((await rules.judge(call(other), 'before')).allowed).toBe(false);
  });

  const broken = {
    rule: 'rules_unavailable',
    where: 'rules.yaml:1:1',
    reason: 'rules.yaml:1:1: does not know nonsense',
    remedy: 'Run `vmware-audit rules lint` and mend the line it names.',
    code: 'RULES_UNAVAILABLE',
    consent: 'none',
  };
  test('of a broken file', async () => {
    const { rules } = home('nonsense: 1\n');
    for (const [one, allowed] of [
      [call(), false],
      [call({ effect: 'read' }), false],
      [call(diagnostic), true],
    ] as const) {
      expect(await rules.judge(one, 'before')).toEqual({ ...broken, allowed });
      expect(await rules.roles().allow(one)).toEqual({ ...broken, allowed });
    }
  });

  test('of a file that is gone', async () => {
    const { rules, path } = home(undefined, { seen: memory('digest') });
    expect(await rules.judge(call(), 'before')).toEqual({
      ...broken,
      allowed: false,
      where: 'rules.yaml',
      reason: 'rules.yaml: was here and is gone',
      remedy: `Restore ${path}, or run \`vmware-audit rules show --baseline > ${path}\`.`,
    });
  });

  test('of a memory that fails', async () => {
    const seen = { get: () => Promise.reject(new Error('disk')), set: () => undefined };
    const said = await home(undefined, { seen }).rules.judge(call(), 'before');
    expect(said).toEqual({
      rule: 'rules_unavailable',
      allowed: false,
      reason: 'rules.yaml cannot be used',
      remedy: 'Run `vmware-audit rules lint` to see what is wrong.',
      code: 'RULES_UNAVAILABLE',
      consent: 'none',
    });
    expect(said).not.toHaveProperty('where');
  });
});

describe('a decision', () => {
  test('asks for as much consent as its surface needs at least', async () => {
    const consent = async (options: Partial<RulesOptions>) =>
      (await home(open, options).rules.judge(call(), 'before')).consent;
    expect(await consent({})).toBe('flag');
    expect(await consent({ floor: { medium: 'seal' } })).toBe('seal');
  });

  test('is of its moment', async () => {
    const text = `${open}rules: [{id: f, effect: forbid, when: {window: {from: "12:00", to: "12:01"}}}]\n`;
    const allowed = async (at: string) =>
      (await home(text, { now: () => new Date(at) }).rules.judge(call(), 'before')).allowed;
    expect(await allowed('2026-06-10T12:00:00Z')).toBe(false);
    expect(await allowed('2026-06-10T12:01:00Z')).toBe(true);
  });

  test('knows the roles of its caller, and that nobody is known to ask', async () => {
    const text = `${open}roles: {ops: {users: [ann], level: full_admin}, dev: {users: [bob], level: full_admin}}
rules: [{id: f, effect: forbid, roles: [ops]}]
`;
    const { rules } = home(text);
    const { caller: _, ...anonymous } = call();
    const allowed = async (one: Call) => (await rules.judge(one, 'before')).allowed;
    expect(await allowed(call())).toBe(false);
    expect(await allowed(call({}, { caller: { ...ann, user: 'bob' } }))).toBe(true);
    expect(await allowed(anonymous)).toBe(false);
  });

  test('about nobody counts nothing', async () => {
    const text = `${open}rules: [{id: f, effect: forbid, unless: {rate: {max: 1, per: 1h}}}]\n`;
    const { rules } = home(text);
    const { caller: _, ...anonymous } = call();
    expect((await rules.judge(call(), 'before')).allowed).toBe(true);
    expect((await rules.judge(anonymous, 'before')).allowed).toBe(false);
  });
});
