import { describe, expect, test } from 'vitest';
import { type Finding, lint } from './lint.js';
import { loadRules } from './load.js';
import type { ToolFacts } from './question.js';

const tools: ToolFacts[] = [
  { name: 'list_vms', effect: 'read', risk: 'low', level: 'read_only' },
  { name: 'power_on_vm', effect: 'write', risk: 'medium', level: 'power_ops' },
  {
    name: 'delete_vm',
    aliases: ['remove_vm'],
    effect: 'destroy',
    risk: 'high',
    level: 'host_admin',
  },
  { name: 'wipe_host', effect: 'destroy', risk: 'critical', level: 'host_admin' },
];

/** What is found, as one line of severity, check, rule, place and message. */
const found = async (text: string, known: readonly ToolFacts[] = tools) =>
  lint(await loadRules(Buffer.from(text)), known).map(
    ({ severity, check, rule, where, message }) =>
      `${severity} ${check} ${rule} ${where} ${message}`,
  );

const open = 'version: 1\ndefault: {write: permit}\n';
const closed = 'version: 1\n';
const rules = (...lines: string[]) => `rules:\n${lines.map((one) => `  - ${one}\n`).join('')}`;
/** The findings of one rule `a`, which stands in line 4. */
const ofRule = (text: string, more: string[] = []) =>
  found(open + rules(`{id: a, ${text}}`, ...more));

describe('a finding', () => {
  test('has its severity, its check, its rule and its place', async () => {
    const set = await loadRules(
      Buffer.from(open + rules('{id: a, effect: forbid, tools: [delete_vn]}')),
    );
    expect(lint(set, tools)).toEqual<Finding[]>([
      {
        severity: 'error',
        check: 'unknown-tool',
        rule: 'a',
        where: 'rules.yaml:4:5',
        line: 4,
        message: 'No tool is called delete_vn.',
      },
    ]);
  });

  test('comes in the order of the file, about roles too', async () => {
    const text = `${closed}${rules('{id: a, effect: forbid, tools: []}')}roles: {r: {agents: [x], level: read_only}}
`;
    const [first, second] = [
      'error empty-list a rules.yaml:3:5 tools is empty, so a never matches.',
      "warning role-names-nobody r rules.yaml:4:9 Role r names no users or groups, so everybody on that surface or with that agent has it; an agent's name is a claim.",
    ];
    expect((await found(text)).filter((one) => !one.includes('unreachable'))).toEqual([
      first,
      second,
    ]);
    const turned = `${closed}roles: {r: {agents: [x], level: read_only}}\n${rules('{id: a, effect: forbid, effects: [], tools: [list_vms]}')}`;
    expect((await found(turned)).map((one) => one.split(' ')[1])).toEqual([
      'role-names-nobody',
      'empty-list',
      'unreachable',
    ]);
  });
});

test.each<[string, string, string[]]>([
  ['a name', 'tools: [delete_vm]', []],
  ['an older name', 'tools: [remove_vm]', []],
  ['a glob that matches', 'tools: ["delete_*"]', []],
  [
    'a name nobody has',
    'tools: [delete_vm, delete_vn]',
    ['error unknown-tool a rules.yaml:4:5 No tool is called delete_vn.'],
  ],
  [
    'a glob that matches nothing',
    'tools: [delete_vm, "grow_*"]',
    ['warning glob-matches-nothing a rules.yaml:4:5 No tool matches grow_*.'],
  ],
  [
    'a glob of one place that matches nothing',
    'tools: [delete_vm, "delete_v?m"]',
    ['warning glob-matches-nothing a rules.yaml:4:5 No tool matches delete_v?m.'],
  ],
  [
    'two of them',
    'tools: [b, "c*"]',
    [
      'error unknown-tool a rules.yaml:4:5 No tool is called b.',
      'warning glob-matches-nothing a rules.yaml:4:5 No tool matches c*.',
    ],
  ],
])('tools: %s', async (_, text, wanted) =>
  expect(await ofRule(`effect: forbid, ${text}`)).toEqual(wanted),
);

test.each([
  ['tools', 'tools: []'],
  ['effects', 'effects: []'],
  ['names', 'targets: {names: []}'],
  ['environments', 'targets: {environments: []}'],
  ['roles', 'roles: []'],
])('an empty list of %s never matches', async (list, text) =>
  expect(await ofRule(`effect: forbid, ${text}`)).toContain(
    `error empty-list a rules.yaml:4:5 ${list} is empty, so a never matches.`,
  ),
);

test.each([
  ['when', 'when: {window: {days: []}}', true],
  ['unless', 'unless: {window: {from: "10:00", to: "10:00"}}', true],
  ['when', 'when: {window: {days: [mon]}}', false],
  ['unless', 'unless: {args: {name: {glob: x}}}', false],
])('a window in %s: %s', async (part, text, isEmpty) =>
  expect(await ofRule(`effect: forbid, tools: [delete_vm], ${text}`)).toEqual(
    isEmpty ? [`error empty-window a rules.yaml:4:5 The window in ${part} is never open.`] : [],
  ),
);

test('an id of two rules of the family form is found at the second, in whatever order', async () => {
  const deny = (...names: string[]) =>
    `deny: [${names.map((name) => `{name: ${name}, operations: [delete_vm]}`).join(', ')}]\n`;
  expect(await found(deny('a', 'b', 'a'))).toEqual([
    'warning duplicate-id a rules.yaml:1:80 a is already the name of another rule.',
  ]);
  expect(await found('deny:\n  - {name: a}\n  - {name: a}\n')).toEqual([
    'warning duplicate-id a rules.yaml:3:5 a is already the name of another rule.',
  ]);
  expect(await found(deny('a', 'b'))).toEqual([]);
});

const unreachable =
  'warning unreachable a rules.yaml:4:5 No tool has the name, effect and risk a asks for.';

test.each<[string, string, string[]]>([
  ['a name and its effect', 'tools: [list_vms], effects: [read]', []],
  ['a name and no effect of its', 'tools: [list_vms], effects: [write]', [unreachable]],
  ['an older name and no effect of its', 'tools: [remove_vm], effects: [write]', [unreachable]],
  ['a risk that a name has', 'tools: [delete_vm], risk: {min: high, max: high}', []],
  ['a risk above', 'tools: [delete_vm], risk: {min: critical}', [unreachable]],
  ['a risk below', 'tools: [delete_vm], risk: {max: medium}', [unreachable]],
  ['an effect and a risk that go together', 'effects: [read], risk: {max: low}', []],
  ['an effect and a risk that do not', 'effects: [read], risk: {min: medium}', [unreachable]],
  ['one of two names', 'tools: [list_vms, delete_vm], effects: [destroy]', []],
])('a rule that asks for %s', async (_, text, wanted) =>
  expect(await ofRule(`effect: forbid, ${text}`)).toEqual(wanted),
);

test('nothing is out of reach where no tools are known', async () =>
  expect(await found(`${open}${rules('{id: a, effect: forbid, effects: [read]}')}`, [])).toEqual(
    [],
  ));

const shadowed = (by: string) =>
  `warning shadowed a rules.yaml:4:5 Every tool of a is forbidden anyway by ${by}.`;
const seal = 'effect: require, tools: [delete_vm, wipe_host], obligations: {consent: seal}';

test.each<[string, string, string[], string[]]>([
  ['its only tool', seal, ['{id: w, effect: forbid}'], [shadowed('w')]],
  ['some of its tools', seal, ['{id: w, effect: forbid, tools: [delete_vm]}'], []],
  [
    'its tools by two rules',
    seal,
    [
      '{id: w, effect: forbid, tools: [delete_vm]}',
      '{id: v, effect: forbid, risk: {min: critical}}',
    ],
    [shadowed('w, v')],
  ],
  ['a permit', seal, ['{id: w, effect: permit, tools: [power_on_vm], effects: [write]}'], []],
  ['some targets', seal, ['{id: w, effect: forbid, targets: {names: [x]}}'], []],
  ['some times', seal, ['{id: w, effect: forbid, when: {window: {days: [mon]}}}'], []],
  ['most times', seal, ['{id: w, effect: forbid, unless: {window: {days: [mon]}}}'], []],
  [
    'what is forbidden itself',
    'effect: forbid, tools: [delete_vm]',
    ['{id: w, effect: forbid}'],
    [],
  ],
])('a rule where another forbids %s', async (_, text, others, wanted) => {
  const about = (one: string) => one.includes(' a rules') && !one.includes('needless');
  expect((await ofRule(text, others)).filter(about)).toEqual(wanted);
});

test('a rule for some environments or roles is no wall', async () => {
  const text = (scope: string) =>
    `${open}${rules(`{id: a, ${seal}}`, `{id: w, effect: forbid, ${scope}}`)}roles: {ops: {users: [ann], level: full_admin}}\n`;
  expect(await found(text('roles: [ops]'))).toEqual([]);
  expect(await found(text('targets: {environments: [lab]}'))).toEqual([
    'note environment-scoped w rules.yaml:5:5 w also matches targets without an environment label.',
  ]);
});

test.each<[string, string, string, boolean]>([
  ['reads, permitted by default', closed, 'effect: permit, effects: [read]', true],
  ['changes, forbidden by default', closed, 'effect: permit, effects: [write]', false],
  ['everything, half of it forbidden', closed, 'effect: permit, risk: {max: high}', false],
  ['everything, permitted by default', open, 'effect: permit, risk: {max: high}', true],
  ['what destroys, permitted by default', open, 'effect: permit, effects: [destroy]', true],
  [
    'reads, forbidden by default',
    'version: 1\ndefault: {read: forbid, write: permit}\n',
    'effect: permit, effects: [read]',
    false,
  ],
  ['nothing, as it forbids', open, 'effect: forbid, effects: [read]', false],
])('a permit of %s', async (_, head, text, isNeedless) => {
  const line = head.split('\n').length + 1;
  expect(
    (await found(`${head}${rules(`{id: a, ${text}}`)}`)).filter((one) => one.includes('needless')),
  ).toEqual(
    isNeedless
      ? [
          `warning needless-permit a rules.yaml:${line}:5 a permits what default permits, so it limits nothing.`,
        ]
      : [],
  );
});

const broad =
  'error over-broad a rules.yaml:3:5 a permits every tool to everybody, critical changes too.';

test.each<[string, string, string[]]>([
  ['all tools', 'effect: permit', [broad]],
  ['all tools in a list', 'effect: permit, tools: [list_vms, "*"]', [broad]],
  ['all that destroy', 'effect: permit, effects: [destroy]', [broad]],
  ['tools by name', 'effect: permit, tools: ["w*"]', []],
  ['all below critical', 'effect: permit, risk: {max: high}', []],
  ['all that do not destroy', 'effect: permit, effects: [write]', []],
  ['some targets', 'effect: permit, targets: {names: [x]}', []],
  ['some roles', 'effect: permit, roles: [ops]', []],
  ['some times', 'effect: permit, when: {window: {days: [mon]}}', []],
  ['all but some times', 'effect: permit, unless: {window: {days: [mon]}}', [broad]],
  ['nothing', 'effect: forbid', []],
])('a rule that permits %s', async (_, text, wanted) =>
  expect(
    await found(
      `${closed}${rules(`{id: a, ${text}}`)}roles: {ops: {users: [ann], level: full_admin}}\n`,
    ),
  ).toEqual(wanted),
);

test('a permit of every read is not too broad, however critical', async () => {
  const looks = [{ name: 'dump', effect: 'read', risk: 'critical', level: 'read_only' }] as const;
  const text = `version: 1\ndefault: {read: forbid}\n${rules('{id: a, effect: permit}')}`;
  expect(await found(text, looks)).toEqual([]);
});

test('a tool of a risk nobody knows is as critical as any', async () => {
  const odd = [{ name: 'odd', effect: 'write', risk: 'odd', level: 'read_only' }] as const;
  expect(await found(closed + rules('{id: a, effect: permit}'), odd)).toEqual([broad]);
});

test.each([
  ['effect: permit', 'a does not permit on a target without an environment label.'],
  ['effect: forbid', 'a also matches targets without an environment label.'],
  [
    'effect: require, obligations: {consent: seal}',
    'a also matches targets without an environment label.',
  ],
])('a scope of environments, %s', async (text, message) =>
  expect(await found(closed + rules(`{id: a, ${text}, targets: {environments: [lab]}}`))).toEqual([
    `note environment-scoped a rules.yaml:3:5 ${message}`,
  ]),
);

test('the family form never matches a target without a label', async () =>
  expect(await found('deny: [{name: a, environments: [lab]}]\n')).toEqual([
    'note environment-scoped a rules.yaml:1:8 a never matches a target without an environment label.',
  ]));
