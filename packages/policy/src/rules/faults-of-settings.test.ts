import { expect, test } from 'vitest';
import { faults } from '../../test/rules/rules-lab.js';
import { family, versionOne } from './schema.js';

const consents = '"none"|"flag"|"seal"|"human"|"second_person"';
const levels = '"read_only"|"power_ops"|"vm_lifecycle"|"host_admin"|"full_admin"';
const one = '{users: [a], level: read_only}';
const span = 'must be a span like 30s, 10m, 2h or 1d';

test.each<[string, ...string[]]>([
  ['nonsense: 1', '2:1 does not know nonsense'],
  ['a: 1\nb: 2\nc: 3\nd: 4\ne: 5', '2:1 does not know a, b, c, d, e'],
  ['a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\ng: 7', '2:1 does not know a, b, c, d, e and 2 more'],
  ['default: {read: x}', '2:17 default.read: Invalid option: expected one of "permit"|"forbid"'],
  ['default: {write: x}', '2:18 default.write: Invalid option: expected one of "permit"|"forbid"'],
  ['default: {x: 1}', '2:11 default: does not know x'],
  [
    'default: {consent: {low: x}}',
    `2:26 default.consent.low: Invalid option: expected one of ${consents}`,
  ],
  ['default: {consent: {huge: x}}', '2:21 default.consent: does not know huge'],
  [
    'roles: {ops: {level: read_only}}',
    '2:14 roles.ops: needs users, groups, agents or surfaces; users: ["*"] is everybody',
  ],
  ['roles: {ops: {users: [a]}}', `2:14 roles.ops.level: Invalid option: expected one of ${levels}`],
  [`roles: {OPS: ${one}}`, '2:9 roles.OPS: must be lower-case letters, digits and -'],
  [
    'roles: {ops: {surfaces: [x], level: read_only}}',
    '2:26 roles.ops.surfaces.0: Invalid option: expected one of "mcp"|"cli"|"resource"',
  ],
  [
    'roles: {ops: {people: [x], level: read_only}}',
    '2:15 roles.ops: does not know people',
    '2:14 roles.ops: needs users, groups, agents or surfaces; users: ["*"] is everybody',
  ],
  [
    'tests: [{call: x, expect: maybe}]',
    `2:27 tests.0.expect: Invalid option: expected one of "permit"|"forbid"|${consents}`,
  ],
  [
    'tests: [{call: "", expect: permit}]',
    '2:16 tests.0.call: Too small: expected string to have >=1 characters',
  ],
  [
    `roles: {ops: ${one}}\ntests: [{call: x, expect: permit, as: {role: ops}}, {call: x, expect: permit, as: {role: dev}}]`,
    '3:90 tests.1.as.role: no role is called dev',
  ],
  ['tests: [{call: x, expect: permit, at: today}]', '2:39 tests.0.at: Invalid ISO datetime'],
  [
    'tests: [{call: x, expect: permit, at: "2026-01-01T00:00:00"}]',
    '2:39 tests.0.at: Invalid ISO datetime',
  ],
  ['tests: [{call: x, expect: permit, as: {who: x}}]', '2:40 tests.0.as: does not know who'],
  [
    'tests: [{call: x, expect: permit, target: {env: x}}]',
    '2:44 tests.0.target: does not know env',
  ],
  ['tests: [{call: x, expect: permit, was: x}]', '2:35 tests.0: does not know was'],
  ['approvals: {directory: x/y}', '2:24 approvals.directory: must be an absolute path'],
  [
    `approvals: {directory: /${'x'.repeat(500)}}`,
    '2:24 approvals.directory: Too big: expected string to have <=500 characters',
  ],
  ['approvals: {minutes: 0}', '2:22 approvals.minutes: Too small: expected number to be >=1'],
  ['approvals: {minutes: 10081}', '2:22 approvals.minutes: Too big: expected number to be <=10080'],
  ['approvals: {who: x}', '2:13 approvals: does not know who'],
  ['break_glass: {}', '2:14 break_glass.users: Invalid input: expected array, received undefined'],
  ['break_glass: {users: [a], longest: x}', `2:36 break_glass.longest: ${span}`],
  [
    'break_glass: {users: [a], approvals: -1}',
    '2:38 break_glass.approvals: Too small: expected number to be >=0',
  ],
  [
    'break_glass: {users: [a], approvals: 11}',
    '2:38 break_glass.approvals: Too big: expected number to be <=10',
  ],
  ['break_glass: {users: [a], who: x}', '2:27 break_glass: does not know who'],
  ['budgets: {}', '2:10 budgets: needs calls, changes, objects or seconds'],
  [
    'budgets: {money: {max: 1, per: 1h}}',
    '2:11 budgets: does not know money',
    '2:10 budgets: needs calls, changes, objects or seconds',
  ],
  ['budgets: {calls: {max: 1, per: x}}', `2:32 budgets.calls.per: ${span}`],
  ['budgets: {calls: {max: 1, per: 1h, for: x}}', '2:36 budgets.calls: does not know for'],
  ['runaway: {max: 1, per: 1h}', '2:16 runaway.max: Too small: expected number to be >=2'],
  ['runaway: {max: 10001, per: 1h}', '2:16 runaway.max: Too big: expected number to be <=10000'],
  ['runaway: {max: 2, per: 1h, for: x}', '2:28 runaway: does not know for'],
])('version 1 with %s is refused', async (text, ...wanted) =>
  expect(await faults(`version: 1\n${text}\n`)).toEqual(wanted),
);

test.each([
  'default: {}',
  'default: {read: forbid, write: permit, consent: {}}',
  'roles: {}',
  `roles: {ops: ${one}, dev: {groups: [g], agents: [x], surfaces: [mcp, cli, resource], level: full_admin}}`,
  'approvals: {minutes: 1}',
  `approvals: {directory: /${'x'.repeat(499)}, minutes: 10080, from: []}`,
  'break_glass: {users: [], approvals: 0}',
  'break_glass: {users: [a], tools: ["*"], longest: 2h, approvals: 10}',
  ...['calls', 'changes', 'objects', 'seconds'].map((it) => `budgets: {${it}: {max: 0, per: 1d}}`),
  'runaway: {max: 2, per: 1s}',
  'runaway: {max: 10000, per: 1s}',
  'rules: []\ntests: []',
  'tests: [{call: x, expect: permit, as: {user: "", groups: []}, target: {}, with: {}, at: "2026-01-01T00:00:00Z"}]',
  'tests: [{call: x, expect: second_person, as: {}, at: "2026-01-01T00:00:00+02:00", rule: ""}]',
])('version 1 with %s is accepted', async (text) =>
  expect(await faults(`version: 1\n${text}\n`)).toEqual([]),
);

test.each<[string, ...string[]]>([
  ['5', '1:1 Invalid input: expected object, received number'],
  ['', '1:1 Invalid input: expected object, received null'],
  ['null', '1:1 Invalid input: expected object, received null'],
  ['[]', '1:1 Invalid input: expected object, received array'],
  ['version: 2', '1:10 version: Invalid input: expected 1'],
  ['version:', '1:9 version: Invalid input: expected 1'],
  ['deny: x', '1:7 deny: Invalid input: expected array, received string'],
  ['deny: [{name: ""}]', '1:15 deny.0.name: Too small: expected string to have >=1 characters'],
  [
    `deny: [{name: ${'x'.repeat(101)}}]`,
    '1:15 deny.0.name: Too big: expected string to have <=100 characters',
  ],
  [
    'deny: [{min_risk_level: odd}]',
    '1:25 deny.0.min_risk_level: Invalid option: expected one of "low"|"medium"|"high"|"critical"',
  ],
  ['deny: [{operation: x}]', '1:9 deny.0: does not know operation'],
  [
    'maintenance_window: {start: "25:00"}',
    '1:29 maintenance_window.start: must be a time of day like "22:00"',
  ],
  [
    'maintenance_window: {end: x}',
    '1:27 maintenance_window.end: must be a time of day like "22:00"',
  ],
  ['maintenance_window: {until: x}', '1:22 maintenance_window: does not know until'],
  ...(['cpu', 'memory'] as const).map((it): [string, string] => [
    `change_limits: {max_${it}_change_pct: -1}`,
    `1:${it === 'cpu' ? 37 : 40} change_limits.max_${it}_change_pct: Too small: expected number to be >=0`,
  ]),
  ['change_limits: {max_disk: 1}', '1:17 change_limits: does not know max_disk'],
  ['deny: []\nallow: []', '2:1 does not know allow'],
])('the family form with %s is refused', async (text, ...wanted) =>
  expect(await faults(`${text}\n`)).toEqual(wanted),
);

test.each([
  '{}',
  'deny: []',
  `deny: [{name: ${'x'.repeat(100)}, min_risk_level: " High ", reason: r}]`,
  'maintenance_window: {}',
  'change_limits: {}',
  'change_limits: {max_cpu_change_pct: 0, max_memory_change_pct: 0.5}',
])('the family form with %s is accepted', async (text) =>
  expect(await faults(`${text}\n`)).toEqual([]),
);

test.each([
  ['rules', versionOne, { version: 1 }, (index: number) => ({ id: `r${index}`, effect: 'forbid' })],
  ['tests', versionOne, { version: 1 }, () => ({ call: 'x', expect: 'permit' })],
  ['deny', family, {}, () => ({})],
] as const)('5,000 %s are accepted, and one more is too many', (list, form, head, entry) => {
  const messages = (length: number) =>
    form
      .safeParse({ ...head, [list]: Array.from({ length }, (_, index) => entry(index)) })
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  expect(messages(5_000)).toBeUndefined();
  expect(messages(5_001)).toEqual([`${list}: Too big: expected array to have <=5000 items`]);
});
