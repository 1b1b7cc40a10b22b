import { describe, expect, test } from 'vitest';
import { faults } from '../../test/rules/rules-lab.js';

const rules = (...all: string[]) => `version: 1\nrules: [${all.map((one) => `{${one}}`)}]\n`;
const forbid = (text: string) => rules(`id: a, effect: forbid, ${text}`);
const oblige = (text: string) => rules(`id: a, effect: require, obligations: {${text}}`);
const rate = (per: string) => forbid(`unless: {rate: {max: 1, per: ${per}}}`);
const argument = (text: string) => forbid(`when: {args: {name: {${text}}}}`);

const notId = (id: string): [string, string] => [
  rules(`id: ${id}, effect: forbid`),
  '2:14 rules.0.id: must be lower-case letters, digits and -',
];
const notSpan = (per: string): [string, string] => [
  rate(per),
  '2:62 rules.0.unless.rate.per: must be a span like 30s, 10m, 2h or 1d',
];
const notName = (name: string): [string, string] => [
  forbid(`when: {args: {"${name}": {glob: x}}}`),
  `2:47 rules.0.when.args.${name}: is no argument name`,
];

describe('a rule that means nothing is refused, with its place and with what is wrong', () => {
  test.each<[string, ...string[]]>([
    notId('A'),
    notId('""'),
    notId('-a'),
    notId('a_b'),
    notId('"a b"'),
    notId('"ab!"'),
    notId('"!ab"'),
    notId('a'.repeat(65)),
    ...['default', 'roles'].map((id): [string, string] => [
      rules(`id: ${id}, effect: forbid`),
      `2:14 rules.0.id: ${id} is taken`,
    ]),
    ...['maintenance_window', 'change_limits'].map((id): [string, ...string[]] => [
      rules(`id: ${id}, effect: forbid`),
      '2:14 rules.0.id: must be lower-case letters, digits and -',
      `2:14 rules.0.id: ${id} is taken`,
    ]),
    [
      rules('id: a, effect: forbid', 'id: b, effect: forbid', 'id: a, effect: permit'),
      '2:62 rules.2.id: a is already the id of another rule',
    ],
    [
      rules('id: a, effect: allow'),
      '2:25 rules.0.effect: Invalid option: expected one of "forbid"|"require"|"permit"',
    ],
    [
      `${rules('id: a, effect: forbid', 'id: b, effect: permit, roles: [dev, ops]')}roles: {dev: {users: [a], level: read_only}}\n`,
      '2:70 rules.1.roles.1: no role is called ops',
    ],
    [forbid('roles: [constructor]'), '2:41 rules.0.roles.0: no role is called constructor'],
    [
      forbid('reason: ""'),
      '2:41 rules.0.reason: Too small: expected string to have >=1 characters',
    ],
    [
      forbid(`reason: ${'x'.repeat(501)}`),
      '2:41 rules.0.reason: Too big: expected string to have <=500 characters',
    ],
    [forbid('tools: x'), '2:40 rules.0.tools: Invalid input: expected array, received string'],
    [
      forbid('tools: [""]'),
      '2:41 rules.0.tools.0: Too small: expected string to have >=1 characters',
    ],
    [
      forbid(`tools: [${'x'.repeat(201)}]`),
      '2:41 rules.0.tools.0: Too big: expected string to have <=200 characters',
    ],
    [
      forbid(`tools: [${'x,'.repeat(501)}]`),
      '2:40 rules.0.tools: Too big: expected array to have <=500 items',
    ],
    [
      forbid(`roles: [${'x,'.repeat(501)}]`),
      '2:40 rules.0.roles: Too big: expected array to have <=500 items',
    ],
    [
      forbid('effects: [x]'),
      '2:43 rules.0.effects.0: Invalid option: expected one of "read"|"write"|"destroy"',
    ],
    [forbid('nonsense: 1'), '2:33 rules.0: does not know nonsense'],
    [forbid('risk: {}'), '2:39 rules.0.risk: needs min or max'],
    [forbid('risk: {min: high, max: low}'), '2:39 rules.0.risk: min is above max'],
    [
      forbid('risk: {min: odd}'),
      '2:45 rules.0.risk.min: Invalid option: expected one of "low"|"medium"|"high"|"critical"',
    ],
    [forbid('targets: {}'), '2:42 rules.0.targets: needs names or environments'],
    [
      forbid('targets: {name: [x]}'),
      '2:43 rules.0.targets: does not know name',
      '2:42 rules.0.targets: needs names or environments',
    ],
  ])('%s', async (text, ...wanted) => expect(await faults(text)).toEqual(wanted));
});

describe('a condition that means nothing is refused, with its place and with what is wrong', () => {
  test.each<[string, ...string[]]>([
    [forbid('when: {}'), '2:39 rules.0.when: has no condition'],
    [forbid('unless: {}'), '2:41 rules.0.unless: has no condition'],
    [forbid('when: {args: {}}'), '2:46 rules.0.when.args: names no argument'],
    notName('1name'),
    notName('na me'),
    notName('!name'),
    notName('name!'),
    notName(''),
    notName('x'.repeat(102)),
    [argument(''), '2:53 rules.0.when.args.name: needs one of glob, equals, in, min, max, re'],
    [argument('min: 2, max: 1'), '2:53 rules.0.when.args.name: min is above max'],
    [
      argument('glob: ""'),
      '2:60 rules.0.when.args.name.glob: Too small: expected string to have >=1 characters',
    ],
    [
      argument('re: ""'),
      '2:58 rules.0.when.args.name.re: Too small: expected string to have >=1 characters',
    ],
    [
      argument(`re: ${'x'.repeat(257)}`),
      '2:58 rules.0.when.args.name.re: Too big: expected string to have <=256 characters',
    ],
    [argument('re: "("'), '2:58 is no regular expression RE2 understands'],
    [
      rules(
        'id: a, effect: forbid, unless: {args: {ok: {re: "a+"}, name: {re: "(?=a)"}}}',
        'id: b, effect: permit, when: {args: {name: {re: "["}}}',
      ),
      '2:76 is no regular expression RE2 understands',
      '2:137 is no regular expression RE2 understands',
    ],
    [argument('equals: [x]'), '2:62 rules.0.when.args.name.equals: Invalid input'],
    [
      argument(`equals: ${'x'.repeat(1_001)}`),
      '2:62 rules.0.when.args.name.equals: Too big: expected string to have <=1000 characters',
    ],
    [
      argument(`in: [${'1,'.repeat(501)}]`),
      '2:58 rules.0.when.args.name.in: Too big: expected array to have <=500 items',
    ],
    [
      forbid('when: {window: {from: "24:00", to: "10:00"}}'),
      '2:55 rules.0.when.window.from: must be a time of day like "22:00"',
    ],
    [
      forbid('when: {window: {tz: Nowhere}}'),
      '2:53 rules.0.when.window.tz: is no time zone this machine knows; write one like Europe/Berlin',
    ],
    [forbid('when: {window: {}}'), '2:48 rules.0.when.window: needs days, or from and to'],
    ...['from', 'to'].map((half): [string, string] => [
      forbid(`when: {window: {${half}: "10:00"}}`),
      '2:48 rules.0.when.window: needs both from and to, or neither',
    ]),
    [
      forbid('when: {window: {days: [x]}}'),
      '2:56 rules.0.when.window.days.0: Invalid option: expected one of "sun"|"mon"|"tue"|"wed"|"thu"|"fri"|"sat"',
    ],
    [forbid('when: {blast_radius: {}}'), '2:54 rules.0.when.blast_radius: needs min or max'],
    [
      forbid('when: {blast_radius: {min: 2, max: 1}}'),
      '2:54 rules.0.when.blast_radius: min is above max',
    ],
    [
      forbid('when: {blast_radius: {min: -1}}'),
      '2:60 rules.0.when.blast_radius.min: Too small: expected number to be >=0',
    ],
    [
      forbid('when: {blast_radius: {min: 1000000001}}'),
      '2:60 rules.0.when.blast_radius.min: Too big: expected number to be <=1000000000',
    ],
    notSpan('10w'),
    notSpan('0m'),
    notSpan('x10m'),
    notSpan('"10m "'),
    notSpan('10000m'),
    notSpan('1xs'),
    notSpan('m'),
    [
      forbid('when: {rate: {max: 1, per: 1h}}, unless: {rate: {max: 1, per: 1h}}'),
      '2:81 rules.0.unless.rate: a rule can have one rate, in when or in unless',
    ],
  ])('%s', async (text, ...wanted) => expect(await faults(text)).toEqual(wanted));
});

describe('an obligation that means nothing is refused, with its place and with what is wrong', () => {
  test.each<[string, ...string[]]>([
    [rules('id: a, effect: require'), '2:9 rules.0: a require rule needs obligations'],
    [
      forbid('obligations: {consent: seal}'),
      '2:46 rules.0.obligations: belong in a rule with effect: require, not forbid',
    ],
    [
      rules('id: a, effect: permit, obligations: {consent: seal}'),
      '2:46 rules.0.obligations: belong in a rule with effect: require, not permit',
    ],
    [
      rules('id: a, effect: require, effects: [write, read], obligations: {consent: seal}'),
      '2:43 rules.0.effects: obligations are about changes, so a require rule cannot name read',
    ],
    [oblige(''), '2:47 rules.0.obligations: has no obligation'],
    [
      oblige('approvals: 0'),
      '2:59 rules.0.obligations.approvals: Too small: expected number to be >=1',
    ],
    [
      oblige('approvals: 11'),
      '2:59 rules.0.obligations.approvals: Too big: expected number to be <=10',
    ],
    [
      oblige('dry_run_first: false'),
      '2:63 rules.0.obligations.dry_run_first: Invalid input: expected true',
    ],
    [oblige('ticket: false'), '2:56 rules.0.obligations.ticket: Invalid input'],
  ])('%s', async (text, ...wanted) => expect(await faults(text)).toEqual(wanted));
});

test.each([
  ...['a', '"0"', 'a-0', 'a'.repeat(64)].map((id) => rules(`id: ${id}, effect: forbid`)),
  ...['1s', '10m', '2h', '9999d'].map(rate),
  ...['a', 'Z', 'a.b-c_D9', 'x'.repeat(101)].map((name) =>
    forbid(`when: {args: {${name}: {glob: x}}}`),
  ),
  ...['equals: 1', 'in: []', 'min: 1', 'max: 1', 'min: 1, max: 1', 're: x', 'glob: x'].map(
    argument,
  ),
  argument(`re: ${'x'.repeat(256)}`),
  argument(`glob: ${'x'.repeat(200)}`),
  argument(`equals: ${'x'.repeat(1_000)}`),
  argument(`in: [${'true,'.repeat(500)}]`),
  forbid(`reason: ${'x'.repeat(500)}, tools: [${'x,'.repeat(500)}]`),
  ...['min: low', 'max: low', 'min: high, max: high', 'min: low, max: critical'].map((risk) =>
    forbid(`risk: {${risk}}`),
  ),
  ...['names: [x]', 'environments: [x]'].map((scope) => forbid(`targets: {${scope}}`)),
  ...['min: 0', 'max: 1000000000', 'min: 3, max: 3'].map((size) =>
    forbid(`when: {blast_radius: {${size}}}`),
  ),
  ...['days: [mon]', 'tz: UTC', 'from: "00:00", to: "23:59"'].map((window) =>
    forbid(`when: {window: {${window}}}`),
  ),
  ...['approvals: 1', 'approvals: 10', 'ticket: x', 'ticket: true', 'dry_run_first: true'].map(
    oblige,
  ),
  rules('id: a, effect: require, effects: [write, destroy], obligations: {consent: none}'),
])('%s is accepted', async (text) => expect(await faults(text)).toEqual([]));
