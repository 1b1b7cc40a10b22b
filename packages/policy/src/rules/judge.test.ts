import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { howOften } from '../../../../test/kit/mutating.js';
import { judge } from './judge.js';
import { loadRules } from './load.js';
import type { Question } from './question.js';
import { fromVersionOne, type RuleSet } from './rule-set.js';
import { type RuleForm, risks, versionOne } from './schema.js';

const load = (text: string) => loadRules(Buffer.from(text));
const noon = new Date('2026-06-10T12:00:00Z');

interface Asked extends Partial<Omit<Question, 'tool'>> {
  name?: string;
  local?: boolean;
  effect?: Question['tool']['effect'];
  risk?: string;
}

const ask = ({
  name = 'delete_vm',
  effect = 'destroy',
  risk = 'high',
  local = false,
  ...rest
}: Asked = {}): Question => ({
  tool: { name, effect, risk, level: 'read_only', local },
  input: {},
  target: { name: 'vc-1', environment: 'lab' },
  roles: [],
  when: 'after',
  rates: new Map(),
  ...rest,
});

const outcome = (set: RuleSet, asked: Asked = {}, now = noon) => {
  const { allowed, rule, consent } = judge(set, ask(asked), now);
  return allowed ? `${rule}: ${consent}` : `${rule}: no`;
};

describe('the family form', () => {
  it('works like the documented example', async () => {
    const set = await load(`
deny:
  - name: freeze
    operations: ["delete_*", "upgrade_*"]
    environments: ["prod*"]
    reason: Change freeze.
maintenance_window: {start: "22:00", end: "06:00"}
`);
    const night = new Date('2026-06-10T23:00:00Z');
    const production = { name: 'vc', environment: 'production' };
    const unlabelled = { name: 'vc', environment: '' };
    const deletes = { name: 'delete_namespace' };
    for (const at of [noon, night])
      expect(outcome(set, { ...deletes, target: production }, at)).toBe('freeze: no');
    expect(outcome(set, { ...deletes, target: unlabelled }, noon)).toBe('maintenance_window: no');
    expect(outcome(set, { ...deletes, target: unlabelled }, night)).toBe('default: flag');
    expect(outcome(set, { name: 'scale_tkc_cluster', risk: 'medium', effect: 'write' }, noon)).toBe(
      'default: flag',
    );
    const said = judge(set, ask({ ...deletes, target: production }), noon);
    expect(said).toMatchObject({
      reason: 'Change freeze.',
      code: 'DENIED_BY_RULE',
      where: 'rules.yaml:3:5',
    });
  });

  it('takes an absent list for all and an empty one for none', async () => {
    expect(outcome(await load('deny: [{name: all}]'))).toBe('all: no');
    expect(outcome(await load('deny: [{name: none, operations: []}]'))).toBe('default: flag');
    expect(outcome(await load('deny: [{}]'))).toBe('deny: no');
  });

  it('compares risks, and an unknown risk is critical', async () => {
    const set = await load('deny: [{name: r, min_risk_level: Critical}]');
    expect(outcome(set, { risk: 'high' })).toBe('default: flag');
    expect(outcome(set, { risk: 'critical' })).toBe('r: no');
    expect(outcome(set, { risk: 'whatever' })).toBe('r: no');
  });

  describe('change_limits', () => {
    const limited = load('change_limits: {max_cpu_change_pct: 50, max_memory_change_pct: 100}');
    it.each<[string, Asked, string]>([
      ['within', { input: { cpu: 4 }, change: { cpu: 50 } }, 'default: flag'],
      ['above', { input: { cpu: 4 }, change: { cpu: 51 } }, 'change_limits: no'],
      ['far below', { input: { cpu: 4 }, change: { cpu: -75 } }, 'change_limits: no'],
      [
        'memory above',
        { input: { memory_mb: 4 }, change: { cpu: 0, memory: 101 } },
        'change_limits: no',
      ],
      ['a percentage that is no number', { change: { cpu: Number.NaN } }, 'change_limits: no'],
      ['not measured, cpu asked for', { input: { cpu: 4 } }, 'change_limits: no'],
      ['not measured, memory asked for', { input: { memory_mb: 4 } }, 'change_limits: no'],
      ['measured, nothing changes', { input: { cpu: 4 }, change: {} }, 'default: flag'],
      ['not measured, and not about cpu', { input: { name: 'x' } }, 'default: flag'],
      ['a read', { input: { cpu: 4 }, effect: 'read' }, 'default: none'],
      ['before there is a plan', { input: { cpu: 4 }, when: 'before' }, 'default: flag'],
    ])('%s', async (_, asked, wanted) => expect(outcome(await limited, asked)).toBe(wanted));
  });
});

describe('version 1', () => {
  const permitWrites = 'version: 1\ndefault: {write: permit}\nrules:\n';

  it('forbids changes and permits reads when the file does not say', async () => {
    const set = await load('version: 1');
    expect(outcome(set)).toBe('default: no');
    expect(outcome(set, { effect: 'read' })).toBe('default: none');
  });

  it('needs one permit, and one forbid is stronger than all of them', async () => {
    const set = await load(`version: 1
rules:
  - {id: z-all, effect: permit}
  - {id: b-some, effect: permit, tools: [delete_*]}
  - {id: no-db, effect: forbid, when: {args: {name: {glob: "db-*"}}}}
`);
    expect(outcome(set, { input: { name: 'web-1' } })).toBe('b-some: flag');
    expect(outcome(set, { input: { name: 'db-1' } })).toBe('no-db: no');
  });

  it('takes something missing for a match in forbid and require, and not in permit', async () => {
    const forbid = await load(
      `${permitWrites}  - {id: f, effect: forbid, when: {args: {count: {min: 5}}}}`,
    );
    const permit = await load(
      'version: 1\nrules:\n  - {id: p, effect: permit, when: {args: {count: {max: 5}}}}',
    );
    const require = await load(
      `${permitWrites}  - {id: r, effect: require, when: {args: {count: {min: 5}}}, obligations: {consent: human}}`,
    );
    for (const input of [
      {},
      { count: undefined },
      { count: '3' },
      { count: Number.NaN },
      { count: [] },
      { count: [1, 9] },
    ]) {
      expect(outcome(forbid, { input })).toBe('f: no');
      expect(outcome(require, { input })).toBe('default: human');
      expect(outcome(permit, { input })).toBe('default: no');
    }
    expect(outcome(forbid, { input: { count: 3 } })).toBe('default: flag');
    expect(outcome(require, { input: { count: 3 } })).toBe('default: flag');
    expect(outcome(permit, { input: { count: 3 } })).toBe('p: flag');
  });

  it('cannot be led to a field by the prototype', async () => {
    const set = await load(
      'version: 1\nrules:\n  - {id: p, effect: permit, when: {args: {constructor.name: {equals: Object}}}}',
    );
    expect(outcome(set, { input: {} })).toBe('default: no');
  });

  it('does not apply an exception that cannot be checked', async () => {
    const set = await load(
      `${permitWrites}  - {id: f, effect: forbid, unless: {args: {name: {glob: "tmp-*"}}}}`,
    );
    expect(outcome(set, { input: { name: 'tmp-1' } })).toBe('default: flag');
    expect(outcome(set, { input: { name: 'x' } })).toBe('f: no');
    expect(outcome(set, { input: {} })).toBe('f: no');
  });

  it('matches an unlabelled target in a forbid and not in a permit', async () => {
    const forbid = await load(
      `${permitWrites}  - {id: f, effect: forbid, targets: {environments: [prod*]}}`,
    );
    const permit = await load(
      'version: 1\nrules:\n  - {id: p, effect: permit, targets: {environments: [lab]}}',
    );
    const unlabelled = { name: 'vc', environment: '' };
    expect(outcome(forbid, { target: unlabelled })).toBe('f: no');
    expect(outcome(forbid)).toBe('default: flag');
    expect(outcome(permit, { target: unlabelled })).toBe('default: no');
    expect(outcome(permit)).toBe('p: flag');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['{name: {equals: web}}', { name: 'web' }, 'p: flag'],
    ['{name: {equals: web}}', { name: 'Web' }, 'default: no'],
    ['{name: {in: [a, b]}}', { name: 'b' }, 'p: flag'],
    ['{name: {in: [a, b]}}', { name: 'c' }, 'default: no'],
    ['{name: {in: []}}', { name: 'c' }, 'default: no'],
    ['{names: {glob: web-*}}', { names: ['web-1', 'web-2'] }, 'p: flag'],
    ['{names: {glob: web-*}}', { names: ['web-1', 'db-2'] }, 'default: no'],
    ['{name: {re: "web-[0-9]+"}}', { name: 'web-12' }, 'p: flag'],
    ['{name: {re: "web-[0-9]+"}}', { name: 'web-12x' }, 'default: no'],
    ['{disk.size_gb: {max: 100}}', { disk: { size_gb: 100 } }, 'p: flag'],
    ['{disk.size_gb: {max: 100}}', { disk: { size_gb: 101 } }, 'default: no'],
    ['{force: {equals: false}}', { force: false }, 'p: flag'],
    ['{force: {equals: false}}', { force: 'false' }, 'default: no'],
    ['{parent: {equals: null}}', { parent: null }, 'p: flag'],
  ])('permits by argument %s for %j: %s', async (args, input, wanted) => {
    const set = await load(
      `version: 1\nrules:\n  - {id: p, effect: permit, when: {args: ${args}}}`,
    );
    expect(outcome(set, { input })).toBe(wanted);
  });

  it('matches effects, risks, target names and roles', async () => {
    const set = await load(`version: 1
roles: {ops: {users: [ann], level: full_admin}}
rules:
  - {id: p, effect: permit, effects: [write], risk: {min: medium, max: high}, targets: {names: [vc-*]}, roles: [ops]}
`);
    const good: Asked = { effect: 'write', roles: ['ops'] };
    expect(outcome(set, good)).toBe('p: flag');
    for (const bad of [
      { effect: 'destroy' as const },
      { risk: 'low' },
      { risk: 'critical' },
      { risk: 'unheard of' },
      { target: { name: 'nsx', environment: 'lab' } },
      { roles: [] },
      { roles: undefined },
    ])
      expect(outcome(set, { ...good, ...bad })).toBe('default: no');
  });

  it('opens and closes with a window', async () => {
    const set = await load(
      'version: 1\nrules:\n  - {id: p, effect: permit, when: {window: {days: [wed], from: "13:00", to: "15:00", tz: Europe/Berlin}}}',
    );
    expect(outcome(set)).toBe('p: flag');
    expect(outcome(set, {}, new Date('2026-06-10T13:00:00Z'))).toBe('default: no');
  });

  it('counts a rate, and one that cannot be counted is missing', async () => {
    const permit = await load(
      'version: 1\nrules:\n  - {id: p, effect: permit, when: {rate: {max: 3, per: 10m}}}',
    );
    const forbid = await load(
      `${permitWrites}  - {id: p, effect: forbid, unless: {rate: {max: 3, per: 10m}}}`,
    );
    const rates = (n: number) => ({ rates: new Map([['p', n]]) });
    expect([outcome(permit, rates(2)), outcome(permit, rates(3)), outcome(permit)]).toEqual([
      'p: flag',
      'default: no',
      'default: no',
    ]);
    expect([outcome(forbid, rates(2)), outcome(forbid, rates(3)), outcome(forbid)]).toEqual([
      'default: flag',
      'p: no',
      'p: no',
    ]);
  });

  it('sets rules about size aside until there is a plan', async () => {
    const forbid = await load(
      `${permitWrites}  - {id: big, effect: forbid, when: {blast_radius: {min: 10}}}`,
    );
    const permit = await load(
      'version: 1\nrules:\n  - {id: small, effect: permit, when: {blast_radius: {max: 10}, args: {name: {glob: a}}}}',
    );
    expect(outcome(forbid, { when: 'before' })).toBe('default: flag');
    expect(judge(forbid, ask({ when: 'before' }), noon).trace).toMatchObject([
      { rule: 'big', matched: false, aside: true },
    ]);
    expect(outcome(forbid, { size: 9 })).toBe('default: flag');
    expect(outcome(forbid, { size: 10 })).toBe('big: no');
    expect(outcome(forbid)).toBe('big: no');
    const input = { name: 'a' };
    expect(outcome(permit, { input, when: 'before' })).toBe('small: flag');
    expect(outcome(permit, { input: { name: 'b' }, when: 'before' })).toBe('default: no');
    expect(outcome(permit, { input, size: 11 })).toBe('default: no');
    expect(outcome(permit, { input })).toBe('default: no');
    expect(outcome(forbid, { effect: 'read', when: 'before' })).toBe('big: no');
  });

  it('collects obligations, the strictest consent wins', async () => {
    const set = await load(`${permitWrites}
  - {id: b, effect: require, tools: [delete_*], obligations: {consent: human}}
  - {id: a, effect: require, obligations: {dry_run_first: true}}
  - {id: c, effect: require, obligations: {consent: none}}
`);
    expect(judge(set, ask(), noon)).toMatchObject({
      allowed: true,
      consent: 'human',
      consentRule: 'b',
    });
    expect(judge(set, ask({ name: 'x', risk: 'low' }), noon)).toMatchObject({
      consent: 'seal',
      consentRule: 'a',
    });
    expect(outcome(set, { effect: 'read' })).toBe('default: none');
  });

  it.each([
    ['approvals: 2', { approvals: 2, tickets: [] }],
    ['ticket: "CHG*"', { approvals: 0, tickets: ['CHG*'] }],
    ['ticket: true', { approvals: 0, tickets: ['*'] }],
    ['consent: second_person', { approvals: 1, consent: 'second_person', consentRule: 'two' }],
  ])('passes on what a require rule obliges to: %s', async (obligation, said) => {
    const set = await load(
      `${permitWrites}  - {id: two, effect: require, obligations: {${obligation}}}`,
    );
    expect(judge(set, ask(), noon)).toMatchObject({ allowed: true, ...said });
  });

  it('asks for most approvals and every ticket of all that matches', async () => {
    const set = await load(
      `${permitWrites}  - {id: b, effect: require, obligations: {approvals: 1, ticket: "CHG*"}}
  - {id: a, effect: require, obligations: {approvals: 3, ticket: "*-7"}}`,
    );
    expect(judge(set, ask(), noon)).toMatchObject({ approvals: 3, tickets: ['CHG*', '*-7'] });
  });

  it('counts a default of a second person as one approval', async () => {
    const set = await load('version: 1\ndefault: {write: permit, consent: {high: second_person}}');
    expect(judge(set, ask(), noon)).toMatchObject({ allowed: true, approvals: 1 });
  });

  it('leaves what is local to rules that name it, not to what changes are by default', async () => {
    const set = await load(
      'version: 1\ndefault: {write: forbid}\nrules:\n  - {id: never, effect: forbid, tools: [prune]}\n',
    );
    const own = (name: string) => ask({ name, local: true });
    expect(judge(set, own('rotate'), noon)).toMatchObject({ allowed: true, rule: 'default' });
    expect(judge(set, own('prune'), noon)).toMatchObject({ allowed: false, rule: 'never' });
  });
});

describe('consent', () => {
  it.each([
    ['low', 'prod', 'none'],
    ['medium', 'prod', 'flag'],
    ['high', 'lab', 'flag'],
    ['high', 'production-eu', 'seal'],
    ['high', '', 'flag'],
    ['critical', 'lab', 'seal'],
    ['unheard of', 'lab', 'seal'],
  ])('for %s on %s is %s', async (risk, environment, wanted) => {
    const set = await load('version: 1\ndefault: {write: permit}');
    expect(outcome(set, { risk, target: { name: 'vc', environment } })).toBe(`default: ${wanted}`);
  });

  it('is what the file says, and a floor only raises it', async () => {
    const set = await load(
      'version: 1\ndefault: {write: permit, consent: {critical: none, low: human}}',
    );
    expect(outcome(set, { risk: 'critical' })).toBe('default: none');
    expect(outcome(set, { risk: 'low' })).toBe('default: human');
    const floor = { critical: 'seal', low: 'flag' } as const;
    expect(judge(set, ask({ risk: 'critical' }), noon, floor).consent).toBe('seal');
    expect(judge(set, ask({ risk: 'low' }), noon, floor).consent).toBe('human');
  });
});

const tools = fc.constantFrom('delete_vm', 'delete_*', '*', 'power_on', 'p*n', '?ower_on');
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const conditions = fc.record(
  {
    args: fc.dictionary(
      fc.constantFrom('name', 'count'),
      fc.oneof(
        fc.record({ glob: fc.constantFrom('a*', 'b') }),
        fc.record({ max: fc.integer({ min: 0, max: 5 }) }),
      ),
      { minKeys: 1 },
    ),
    blast_radius: fc.record({ max: fc.integer({ min: 0, max: 9 }) }),
  },
  { requiredKeys: ['args'] },
);
const ruleForm = (id: string) =>
  fc
    .record({
      effect: fc.constantFrom('forbid', 'permit', 'permit', 'require'),
      tools: some(fc.array(tools, { maxLength: 2 })),
      environments: some(fc.array(fc.constantFrom('prod*', 'lab'), { minLength: 1, maxLength: 2 })),
      min: some(fc.constantFrom(...risks)),
      when: some(conditions),
      unless: some(conditions),
      consent: fc.constantFrom('none', 'flag', 'seal', 'human', 'second_person'),
    })
    .map(({ effect, environments, min, consent, ...rest }) => {
      const form = {
        id,
        effect,
        ...(environments ? { targets: { environments } } : {}),
        ...(min ? { risk: { min } } : {}),
        ...(effect === 'require' ? { obligations: { consent } } : {}),
        ...rest,
      };
      return JSON.parse(JSON.stringify(form)) as RuleForm;
    });
const ruleForms = fc
  .integer({ min: 0, max: 12 })
  .chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => ruleForm(`r${i}`))));
const question = fc
  .record({
    name: fc.constantFrom('delete_vm', 'power_on'),
    effect: fc.constantFrom('read', 'write', 'destroy'),
    risk: fc.constantFrom(...risks, 'odd'),
    environment: fc.constantFrom('', 'prod1', 'lab'),
    when: fc.constantFrom('before', 'after'),
    size: some(fc.integer({ min: 0, max: 12 })),
    input: fc.record(
      { name: fc.constantFrom('a1', 'b', 3), count: fc.integer({ min: 0, max: 9 }) },
      { requiredKeys: [] },
    ),
  })
  .map(({ environment, size, ...rest }) =>
    ask({
      ...rest,
      target: { name: 'vc', environment },
      ...(size === undefined ? {} : { size }),
    } as Asked),
  );

const setOf = (rules: readonly RuleForm[], write: 'permit' | 'forbid') =>
  fromVersionOne(versionOne.parse({ version: 1, default: { write }, rules }), {
    file: 'rules.yaml',
    digest: '',
    placeOf: () => ({ line: 1, column: 1 }),
  });

describe('any rules', () => {
  const either = fc.constantFrom<'permit' | 'forbid'>('permit', 'forbid');

  it('decide alike in any order, and name the same rules', () => {
    fc.assert(
      fc.property(
        ruleForms.chain((forms) =>
          fc.tuple(
            fc.constant(forms),
            fc.shuffledSubarray([...forms], { minLength: forms.length }),
          ),
        ),
        either,
        question,
        ([forms, shuffled], write, asked) => {
          const { trace, ...first } = judge(setOf(forms, write), asked, noon);
          const { trace: other, ...second } = judge(setOf(shuffled, write), asked, noon);
          expect(second).toEqual(first);
          const matched = (t: typeof trace) =>
            t
              .filter((one) => one.matched)
              .map(({ rule }) => rule)
              .sort();
          expect(matched(other)).toEqual(matched(trace));
        },
      ),
      { numRuns: howOften(5_000) },
    );
  });

  it('never allow more for one forbid more, never less for one permit more', () => {
    fc.assert(
      fc.property(ruleForms, ruleForm('extra'), either, question, (forms, extra, write, asked) => {
        const before = judge(setOf(forms, write), asked, noon).allowed;
        const after = judge(setOf([...forms, extra], write), asked, noon).allowed;
        if (extra.effect === 'permit') expect(after || !before).toBe(true);
        else expect(before || !after).toBe(true);
      }),
      { numRuns: howOften(5_000) },
    );
  });

  it('explain every rule: it matched, waits for a plan, or names what failed', () => {
    fc.assert(
      fc.property(ruleForms, question, (forms, asked) => {
        const { trace } = judge(setOf(forms, 'permit'), asked, noon);
        expect(trace).toHaveLength(forms.length);
        for (const { matched, failed, aside } of trace)
          expect([matched, failed !== undefined, aside === true].filter(Boolean)).toHaveLength(1);
      }),
      { numRuns: howOften(1_000) },
    );
  });
});
