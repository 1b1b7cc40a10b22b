import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { howOften } from '../../../../test/kit/mutating.js';
import { ann, callOf, memory, rulesHome } from '../../test/rules/rules-lab.js';
import type { Call, Caller } from '../call.js';
import type { Card } from '../tool.js';
import type { RateQuestion } from './question.js';
import { openRules, type RulesOptions } from './rules.js';

/** A call of a tool that destroys something, unless the card says otherwise. */
const call = (over: Partial<Card> = {}, rest: Partial<Call> = {}): Call =>
  callOf({ name: 'delete_vm', risk: 'high', effect: 'destroy', ...over }, rest);

function place(options: Partial<RulesOptions> = {}) {
  const { dir: home, path, rules, write } = rulesHome(undefined, options);
  return { home, path, rules, write };
}

describe('rules in force', () => {
  it('are the packaged baseline without a file', async () => {
    const { rules } = place();
    expect(await rules.judge(call(), 'before')).toMatchObject({
      allowed: true,
      rule: 'default',
      consent: 'flag',
    });
  });

  it('follow the file: written, changed, broken, mended', async () => {
    const { rules, write } = place();
    const rule = async () => (await rules.judge(call(), 'after')).rule;
    write('deny: [{name: first}]\n');
    expect(await rule()).toBe('first');
    write('deny: [{name: second}]\n');
    expect(await rule()).toBe('second');
    write('deny: [{nam: third}]\n');
    expect(await rules.judge(call(), 'after')).toMatchObject({
      allowed: false,
      code: 'RULES_UNAVAILABLE',
      where: 'rules.yaml:1:9',
      reason: expect.stringContaining('does not know nam'),
      remedy: 'Run `vmware-audit rules lint` and mend the line it names.',
    });
    write('deny: []\n');
    expect(await rule()).toBe('default');
  });

  it('see an edit that keeps size and mtime', async () => {
    const { rules, write, path } = place();
    const at = new Date('2026-01-01T00:00:00Z');
    for (let i = 0; i < 50; i++) {
      write(`deny: [{name: r${i % 10}}]\n`);
      utimesSync(path, at, at);
      expect((await rules.judge(call(), 'after')).rule).toBe(`r${i % 10}`);
    }
    expect(statSync(path).mtime).toEqual(at);
  });

  it('never mix two files in one decision, through 1,000 swaps', async () => {
    const { rules, home, path } = place();
    const texts = ['a', 'b'].map(
      (one) => `version: 1
default: {write: permit}
rules:
  - {id: ${one}-forbid, effect: forbid, reason: from ${one}}
${Array.from({ length: 20 }, (_, i) => `  - {id: ${one}-${i}, effect: require, obligations: {consent: seal}}`).join('\n')}
`,
    );
    const digests = new Map<string | undefined, Set<string>>();
    for (let i = 0; i < howOften(1_000); i++) {
      const fresh = join(home, 'rules.new');
      writeFileSync(fresh, texts[i % 2] ?? '', { mode: 0o600 });
      if (i === 0) renameSync(fresh, path);
      const asked = [rules.judge(call(), 'after'), rules.judge(call(), 'after')];
      for (let turns = 0; turns < i % 7; turns++) await new Promise(setImmediate);
      if (i > 0) renameSync(fresh, path);
      for (const { rule, reason, rules: digest, details } of await Promise.all(asked)) {
        const { consent_rule: consentRule } = details ?? {};
        const from = [rule, reason.replace('from ', ''), String(consentRule)].map(
          (text) => text[0],
        );
        expect(new Set(from).size).toBe(1);
        digests.set(digest, (digests.get(digest) ?? new Set()).add(rule));
      }
    }
    expect(digests.size).toBe(2);
    for (const said of digests.values()) expect(said.size).toBe(1);
  });

  it('survive in the cache for the next start', async () => {
    const { rules, write, home } = place();
    write('deny: [{name: kept}]\n');
    await rules.current();
    expect(readFileSync(join(home, 'rules.cache.json'), 'utf8')).toContain('kept');
    const next = openRules({ home, rate: () => 0, seen: memory() });
    expect((await next.judge(call(), 'after')).rule).toBe('kept');
  });
});

describe('a file that is gone', () => {
  it('is missed by the process that saw it, and by the next one', async () => {
    const seen = memory();
    const { rules, write, path, home } = place({ seen });
    write('deny: []\n');
    expect((await rules.judge(call(), 'after')).allowed).toBe(true);
    rmSync(path);
    for (const one of [rules, openRules({ home, rate: () => 0, seen })])
      expect(await one.judge(call(), 'after')).toMatchObject({
        allowed: false,
        code: 'RULES_UNAVAILABLE',
        reason: expect.stringContaining('gone'),
        remedy: expect.stringContaining('vmware-audit rules show --baseline >'),
      });
    write('deny: []\n');
    expect((await rules.judge(call(), 'after')).allowed).toBe(true);
  });

  it('cannot be told from one that never was when nobody remembers, so nothing is allowed', async () => {
    const seen = {
      get: () => {
        throw new Error('disk');
      },
      set: () => undefined,
    };
    const { rules } = place({ seen });
    expect(await rules.judge(call(), 'after')).toMatchObject({
      allowed: false,
      code: 'RULES_UNAVAILABLE',
    });
  });
});

describe('without rules', () => {
  it('no read and no role is granted, but a diagnostic read is', async () => {
    const { rules, write } = place();
    write('broken: [');
    const diagnostic = call({ name: 'doctor', effect: 'read', diagnostic: true });
    const read = call({ name: 'list_vms', effect: 'read' });
    const posing = call({ name: 'wipe', effect: 'destroy', diagnostic: true });
    for (const [one, allowed] of [
      [diagnostic, true],
      [read, false],
      [posing, false],
    ] as const) {
      expect((await rules.judge(one, 'before')).allowed).toBe(allowed);
      expect((await rules.roles().allow(one)).allowed).toBe(allowed);
    }
  });
});

describe('a rate', () => {
  const limited =
    'version: 1\nrules:\n  - {id: p, effect: permit, tools: [delete_*], when: {rate: {max: 2, per: 10m}}}\n';

  it('asks for the caller, the tools of the rule and the span', async () => {
    const asked: RateQuestion[] = [];
    const at = new Date('2026-06-10T12:00:00Z');
    const { rules, write } = place({ rate: (question) => asked.push(question), now: () => at });
    write(limited);
    expect((await rules.judge(call(), 'before')).allowed).toBe(true);
    expect((await rules.judge(call(), 'before')).allowed).toBe(false);
    const [first] = asked;
    expect(first?.caller).toBe(ann);
    expect(first?.since).toEqual(new Date('2026-06-10T11:50:00Z'));
    expect([first?.covers('delete_vm'), first?.covers('power_on')]).toEqual([true, false]);
    await rules.judge(call({ name: 'power_on' }), 'before');
    expect(asked).toHaveLength(2);
  });

  it('that cannot be counted permits nothing', async () => {
    const { rules, write } = place({ rate: () => Promise.reject(new Error('locked')) });
    write(limited);
    expect((await rules.judge(call(), 'before')).allowed).toBe(false);
  });
});

describe('the plan', () => {
  const plan = (total: number, unmeasured: string[] = [], more: object = {}) => ({
    plan: {
      summary: 's',
      changes: [],
      requests: [],
      blast_radius: { total, objects: [], reversible: true },
      blockers: [],
      unmeasured,
      ...more,
    },
  });

  it('gives its size, and an unmeasured one gives none', async () => {
    const { rules, write } = place();
    write('version: 1\nrules:\n  - {id: small, effect: permit, when: {blast_radius: {max: 3}}}\n');
    const allowed = async (rest: Partial<Call>) =>
      (await rules.judge(call({}, rest), 'after')).allowed;
    expect(await allowed(plan(3))).toBe(true);
    expect(await allowed(plan(4))).toBe(false);
    expect(await allowed(plan(3, ['snapshots']))).toBe(false);
    expect(await allowed(plan(Number.NaN))).toBe(false);
    expect(await allowed({})).toBe(false);
  });

  it('gives its percentages', async () => {
    const { rules, write } = place();
    write('change_limits: {max_cpu_change_pct: 50}\n');
    const allowed = async (rest: Partial<Call>) =>
      (await rules.judge(call({}, { input: { cpu: 8 }, ...rest }), 'after')).allowed;
    expect(await allowed(plan(1, [], { change_pct: { cpu: 40 } }))).toBe(true);
    expect(await allowed(plan(1, [], { change_pct: { cpu: 60 } }))).toBe(false);
    expect(await allowed(plan(1, [], { change_pct: { cpu: 'much' } }))).toBe(false);
    expect(await allowed(plan(1))).toBe(false);
  });
});

describe('a rate of a rule that knows a tool by an older name', () => {
  it('counts the calls that are written down under the present one', async () => {
    const counted: string[] = [];
    const { rules, write } = place({
      rate: ({ covers }) => {
        counted.push(...['delete_vm', 'remove_vm', 'list_vms'].filter(covers));
        return counted.length;
      },
    });
    write(
      'version: 1\nrules:\n  - {id: p, effect: permit, tools: [remove_vm], when: {rate: {max: 9, per: 1h}}}\n',
    );
    expect(await rules.judge(call({ aliases: ['remove_vm'] }), 'before')).toMatchObject({
      allowed: true,
      rule: 'p',
    });
    expect(counted).toEqual(['delete_vm', 'remove_vm']);
    expect((await rules.judge(call(), 'before')).allowed).toBe(false);
    expect(counted).toHaveLength(2);
  });
});

describe('roles', () => {
  const withRoles = `version: 1
default: {write: permit}
roles:
  reader: {users: ["*"], level: read_only}
  operator: {groups: [vsphere-operators], level: power_ops}
  terminal: {users: [ann], surfaces: [cli], level: host_admin}
`;

  it('give the highest level of all that match', async () => {
    const { rules, write } = place();
    write(withRoles);
    const allows = async (level: Card['level'], caller: Partial<Caller>) =>
      (await rules.roles().allow(call({ level }, { caller: { ...ann, ...caller } }))).allowed;
    expect(await allows('host_admin', {})).toBe(true);
    expect(await allows('full_admin', {})).toBe(false);
    expect(await allows('power_ops', { surface: 'mcp' })).toBe(false);
    expect(await allows('power_ops', { user: 'bob', groups: ['vsphere-operators'] })).toBe(true);
    expect(await allows('vm_lifecycle', { user: 'bob', groups: ['vsphere-operators'] })).toBe(
      false,
    );
    expect(await allows('read_only', { user: 'bob' })).toBe(true);
  });

  it('say who lacks what', async () => {
    const { rules, write } = place();
    write('version: 1\nroles: {ops: {users: [bob], level: full_admin}}\n');
    expect(await rules.roles().allow(call())).toMatchObject({
      allowed: false,
      code: 'PERMISSION_DENIED',
      reason: "Permission denied: ann lacks 'vm_lifecycle' permission for 'delete_vm'",
      details: { need: 'vm_lifecycle', have: null },
    });
  });

  it('without a section: the local user has all, a token has what its groups give', async () => {
    const { rules } = place();
    const full = call({ level: 'full_admin' });
    expect((await rules.roles().allow(full)).allowed).toBe(true);
    const remote = rules.roles('groups');
    expect((await remote.allow(full)).allowed).toBe(false);
    expect((await remote.allow(call({ level: 'read_only' }))).allowed).toBe(false);
    const of = (group: string) => ({ caller: { ...ann, groups: ['other', group] } });
    expect((await remote.allow(call({}, of('vsphere-admins')))).allowed).toBe(true);
    expect((await remote.allow(call({ level: 'host_admin' }, of('vsphere-admins')))).allowed).toBe(
      false,
    );
    expect(
      (await remote.allow(call({ level: 'full_admin' }, of('vsphere-super-admins')))).allowed,
    ).toBe(true);
    expect((await remote.allow(call({ level: 'read_only' }, of('Vsphere-Readers')))).allowed).toBe(
      false,
    );
  });

  it('an empty section gives nobody anything', async () => {
    const { rules, write } = place();
    write('version: 1\nroles: {}\n');
    expect((await rules.roles().allow(call({ level: 'read_only' }))).allowed).toBe(false);
  });

  it('nobody in particular has nothing', async () => {
    const { rules } = place();
    const { caller: _, ...anonymous } = call();
    expect((await rules.roles().allow(anonymous)).allowed).toBe(false);
  });
});
