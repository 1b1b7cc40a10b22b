import { describe, expect, test } from 'vitest';
import { ann, callOf, memory, rulesHome } from '../../test/rules/rules-lab.js';
import type { Call } from '../call.js';
import { digestOf } from './load.js';
import type { RulesOptions } from './rules.js';

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
    expect(await rulesHome(text).rules.judge(callOf(), 'before')).toEqual({
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
    expect(await rulesHome(text).rules.judge(callOf(), 'after')).toEqual({
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
    const { rules } = rulesHome(text);
    const wanted = { ...diagnosed, rules: digestOf(Buffer.from(text)) };
    expect(await rules.judge(callOf(diagnostic), 'before')).toEqual(wanted);
    expect(await rules.roles().allow(callOf(diagnostic))).toEqual(wanted);
    expect(await rules.roles('groups').allow(callOf(diagnostic))).toMatchObject({
      allowed: false,
      code: 'PERMISSION_DENIED',
    });
    for (const other of [{ ...diagnostic, diagnostic: false }, { diagnostic: true }])
      expect((await rules.judge(callOf(other), 'before')).allowed).toBe(false);
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
    const { rules } = rulesHome('nonsense: 1\n');
    for (const [one, allowed] of [
      [callOf(), false],
      [callOf({ effect: 'read' }), false],
      [callOf(diagnostic), true],
    ] as const) {
      expect(await rules.judge(one, 'before')).toEqual({ ...broken, allowed });
      expect(await rules.roles().allow(one)).toEqual({ ...broken, allowed });
    }
  });

  test('of a file that is gone', async () => {
    const { rules, path } = rulesHome(undefined, { seen: memory('digest') });
    expect(await rules.judge(callOf(), 'before')).toEqual({
      ...broken,
      allowed: false,
      where: 'rules.yaml',
      reason: 'rules.yaml: was here and is gone',
      remedy: `Restore ${path}, or run \`vmware-audit rules show --baseline > ${path}\`.`,
    });
  });

  test('of a memory that fails', async () => {
    const seen = { get: () => Promise.reject(new Error('disk')), set: () => undefined };
    const said = await rulesHome(undefined, { seen }).rules.judge(callOf(), 'before');
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
      (await rulesHome(open, options).rules.judge(callOf(), 'before')).consent;
    expect(await consent({})).toBe('flag');
    expect(await consent({ floor: { medium: 'seal' } })).toBe('seal');
  });

  test('is of its moment', async () => {
    const text = `${open}rules: [{id: f, effect: forbid, when: {window: {from: "12:00", to: "12:01"}}}]\n`;
    const allowed = async (at: string) =>
      (await rulesHome(text, { now: () => new Date(at) }).rules.judge(callOf(), 'before')).allowed;
    expect(await allowed('2026-06-10T12:00:00Z')).toBe(false);
    expect(await allowed('2026-06-10T12:01:00Z')).toBe(true);
  });

  test('knows the roles of its caller, and that nobody is known to ask', async () => {
    const text = `${open}roles: {ops: {users: [ann], level: full_admin}, dev: {users: [bob], level: full_admin}}
rules: [{id: f, effect: forbid, roles: [ops]}]
`;
    const { rules } = rulesHome(text);
    const { caller: _, ...anonymous } = callOf();
    const allowed = async (one: Call) => (await rules.judge(one, 'before')).allowed;
    expect(await allowed(callOf())).toBe(false);
    expect(await allowed(callOf({}, { caller: { ...ann, user: 'bob' } }))).toBe(true);
    expect(await allowed(anonymous)).toBe(false);
  });

  test('about nobody counts nothing', async () => {
    const text = `${open}rules: [{id: f, effect: forbid, unless: {rate: {max: 1, per: 1h}}}]\n`;
    const { rules } = rulesHome(text);
    const { caller: _, ...anonymous } = callOf();
    expect((await rules.judge(callOf(), 'before')).allowed).toBe(true);
    expect((await rules.judge(anonymous, 'before')).allowed).toBe(false);
  });
});
