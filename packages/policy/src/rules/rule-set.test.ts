import { describe, expect, test } from 'vitest';
import { judge } from './judge.js';
import { loadRules } from './load.js';
import type { Question } from './question.js';
import { rankOf, whereIs } from './rule-set.js';

const load = (text: string) => loadRules(Buffer.from(text), { file: 'r.yaml' });
const plain = ({
  conditions,
  rate,
  ...rest
}: {
  conditions: readonly { name: string }[];
  rate?: { milliseconds: number };
}) => ({
  ...rest,
  conditions: conditions.map(({ name }) => name),
  ...(rate ? { milliseconds: rate.milliseconds } : {}),
});

test('the family form becomes rules that forbid, in the order of their ranks', async () => {
  const set = await load(`change_limits: {max_cpu_change_pct: 10, max_memory_change_pct: 20}
maintenance_window: {}
deny:
  - {name: a, operations: [x], environments: [prod], min_risk_level: high, reason: No.}
  - {}
`);
  const { rules, digest, ...rest } = set;
  expect(rest).toEqual({
    form: 'family',
    file: 'r.yaml',
    fallback: { read: 'permit', write: 'permit' },
    consent: {},
    roles: undefined,
    tests: [],
  });
  expect(rules.map(plain)).toEqual([
    {
      id: 'a',
      effect: 'forbid',
      rank: 0,
      place: { line: 4, column: 5 },
      where: 'r.yaml:4:5',
      reason: 'No.',
      tools: ['x'],
      environments: ['prod'],
      risk: { min: 'high' },
      conditions: ['tools', 'risk', 'targets.environments'],
    },
    {
      id: 'deny',
      effect: 'forbid',
      rank: 0,
      place: { line: 5, column: 5 },
      where: 'r.yaml:5:5',
      conditions: [],
    },
    {
      id: 'maintenance_window',
      effect: 'forbid',
      rank: 1,
      place: { line: 2, column: 1 },
      where: 'r.yaml:2:1',
      reason: 'High and critical risk only between 22:00 and 06:00 UTC.',
      risk: { min: 'high' },
      unless: { window: { from: '22:00', to: '06:00', inclusive: true } },
      conditions: ['risk', 'unless.window'],
    },
    {
      id: 'change_limits',
      effect: 'forbid',
      rank: 2,
      place: { line: 1, column: 1 },
      where: 'r.yaml:1:1',
      reason: 'The change of cpu or memory is above change_limits, or could not be measured.',
      effects: ['write', 'destroy'],
      unless: { change: { cpu: 10, memory: 20 } },
      conditions: ['effects', 'unless.change'],
    },
  ]);
});

test('version 1 becomes rules, roles and tests with their places', async () => {
  const set = await load(`version: 1
default: {read: forbid, consent: {low: seal}}
roles:
  ops: {users: [ann], level: full_admin}
rules:
  - id: all
    effect: permit
    tools: [x]
    effects: [read]
    risk: {max: high}
    targets: {names: [n], environments: [e]}
    roles: [ops]
    when: {args: {a: {min: 1}}}
    unless: {args: {b: {min: 1}, c: {min: 1}}}
    reason: So.
  - {id: one, effect: require, unless: {rate: {max: 1, per: 2m}}, obligations: {consent: seal}}
  - {id: two, effect: require, effects: [write], when: {rate: {max: 1, per: 3s}}, obligations: {consent: seal}}
tests:
  - {call: x, expect: permit}
`);
  const { rules, digest, ...rest } = set;
  expect(rest).toEqual({
    form: 'version 1',
    file: 'r.yaml',
    fallback: { read: 'forbid', write: 'forbid' },
    consent: { low: 'seal' },
    roles: [{ name: 'ops', users: ['ann'], level: 'full_admin', place: { line: 4, column: 3 } }],
    tests: [{ call: 'x', expect: 'permit', place: { line: 19, column: 5 } }],
  });
  expect(rules.map(plain)).toMatchObject([
    {
      id: 'all',
      effect: 'permit',
      rank: 0,
      where: 'r.yaml:6:5',
      reason: 'So.',
      effects: ['read'],
      conditions: [
        'tools',
        'effects',
        'risk',
        'targets.names',
        'targets.environments',
        'roles',
        'when.args.a',
        'unless',
      ],
    },
    {
      id: 'one',
      effects: ['write', 'destroy'],
      conditions: ['effects', 'unless.rate'],
      milliseconds: 120_000,
    },
    { id: 'two', effects: ['write'], conditions: ['effects', 'when.rate'], milliseconds: 3_000 },
  ]);
  expect(rules[0]).not.toHaveProperty('rate');
});

test('what version 1 leaves out is the careful default, and no roles are not an empty section', async () => {
  const { digest, ...set } = await load('version: 1\n');
  expect(set).toEqual({
    form: 'version 1',
    file: 'r.yaml',
    fallback: { read: 'permit', write: 'forbid' },
    consent: {},
    rules: [],
    roles: undefined,
    tests: [],
  });
  expect((await load('version: 1\nroles: {}\n')).roles).toEqual([]);
});

test('a rate counts the tools of its rule, or all', async () => {
  const rate = 'when: {rate: {max: 1, per: 1h}}';
  const { rules } = await load(
    `version: 1\nrules: [{id: a, effect: permit, ${rate}}, {id: b, effect: permit, tools: ["x*"], ${rate}}]\n`,
  );
  expect(rules.map(({ rate: it }) => ['x1', 'y'].map((name) => it?.covers(name)))).toEqual([
    [true, true],
    [true, false],
  ]);
});

describe('a condition that fails', () => {
  const ask = (over: Partial<Question> = {}): Question => ({
    tool: { name: 'x', aliases: ['old-x'], effect: 'write', risk: 'medium', level: 'read_only' },
    input: {},
    target: { name: 'n', environment: 'e' },
    roles: ['ops'],
    when: 'after',
    rates: new Map(),
    ...over,
  });
  const tool = (over: Partial<Question['tool']>) => ({ tool: { ...ask().tool, ...over } });
  const none = undefined;

  test.each<[string, Partial<Question>, string | undefined]>([
    ['tools: [x]', {}, none],
    ['tools: [old-x]', {}, none],
    ['tools: [y]', {}, 'tools'],
    ['tools: []', {}, 'tools'],
    ['effects: [read, write]', {}, none],
    ['effects: [read]', {}, 'effects'],
    ['effects: []', {}, 'effects'],
    ['risk: {min: medium}', {}, none],
    ['risk: {min: high}', {}, 'risk'],
    ['risk: {max: medium}', {}, none],
    ['risk: {max: low}', {}, 'risk'],
    ['risk: {max: high}', tool({ risk: 'odd' }), 'risk'],
    ['risk: {min: high}', tool({ risk: 'odd' }), none],
    ['risk: {min: low}', tool({ risk: 'critical' }), none],
    ['targets: {names: ["n*"]}', {}, none],
    ['targets: {names: [m]}', {}, 'targets.names'],
    ['targets: {names: [m]}', { target: {} }, 'targets.names'],
    ['targets: {environments: [e]}', {}, none],
    ['targets: {environments: [f]}', {}, 'targets.environments'],
    ['roles: [dev, ops]', {}, none],
    ['roles: [dev]', {}, 'roles'],
    ['roles: [dev]', { roles: [] }, 'roles'],
    ['roles: []', {}, 'roles'],
    ['roles: [ops]', { roles: undefined }, 'roles'],
    ['unless: {args: {a: {min: 1}}}', { input: { a: 0 } }, none],
    ['unless: {args: {a: {min: 1}}}', { input: { a: 1 } }, 'unless.args.a'],
    ['unless: {args: {a: {min: 1}}}', {}, 'unless.args.a'],
    ['unless: {args: {a: {min: 1}, b: {min: 1}}}', { input: { a: 1, b: 0 } }, none],
    ['unless: {args: {a: {min: 1}, b: {min: 1}}}', { input: { a: 1, b: 1 } }, 'unless'],
  ])('of %s is named', async (text, asked, failed) => {
    const set = await load(`version: 1
roles: {ops: {users: [a], level: full_admin}, dev: {users: [a], level: full_admin}}
rules:
  - {id: a, effect: permit, ${text}}
`);
    const { trace } = judge(set, ask(asked), new Date(0));
    expect(trace).toEqual([
      {
        rule: 'a',
        effect: 'permit',
        matched: failed === undefined,
        ...(failed === undefined ? {} : { failed }),
        where: 'r.yaml:4:5',
        line: 4,
      },
    ]);
  });

  test('of a caller nobody knows holds in a forbid', async () => {
    const set = await load(
      'version: 1\ndefault: {write: permit}\nroles: {ops: {users: [a], level: full_admin}}\nrules: [{id: f, effect: forbid, roles: [ops]}]\n',
    );
    const allowed = (roles: Question['roles']) => judge(set, ask({ roles }), new Date(0)).allowed;
    expect([allowed(['ops']), allowed(['dev']), allowed(undefined)]).toEqual([false, true, false]);
  });
});

test('a risk has its rank, one nobody knows the highest, and a place is told with its file', () => {
  expect(['low', 'medium', 'high', 'critical', 'odd'].map(rankOf)).toEqual([0, 1, 2, 3, 3]);
  expect(whereIs({ file: 'f' }, { line: 2, column: 3 })).toBe('f:2:3');
});
