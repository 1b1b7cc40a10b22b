import { expect, test } from 'vitest';
import { type Decision, judge } from './judge.js';
import { loadRules } from './load.js';
import type { Question } from './question.js';

const load = (text: string) => loadRules(Buffer.from(text));
const noon = new Date('2026-06-10T12:00:00Z');
const open = 'version: 1\ndefault: {write: permit}\nrules:\n';

type Asked = Partial<Omit<Question, 'tool'>> & { tool?: Partial<Question['tool']> };

const ask = ({ tool, ...rest }: Asked = {}): Question => ({
  tool: { name: 'wipe', effect: 'write', risk: 'medium', level: 'read_only', ...tool },
  input: {},
  target: { name: 'vc-1', environment: 'lab' },
  roles: [],
  when: 'after',
  rates: new Map(),
  ...rest,
});

const decide = async (
  text: string,
  asked: Asked = {},
  floor?: Parameters<typeof judge>[3],
): Promise<Decision> => judge(await load(text), ask(asked), noon, floor);

const denied = { allowed: false, code: 'DENIED_BY_RULE' } as const;
const remedy =
  'Run `vmware-audit rules explain` to see which rule decides and which condition failed.';
const nowhere = { target: {} };
const read = { tool: { effect: 'read' } } as const;

test.each<[string, string, Asked, Partial<Decision>]>([
  [
    'a forbid with a reason',
    `${open}  - {id: f, effect: forbid, reason: Not today.}\n`,
    {},
    { ...denied, rule: 'f', where: 'rules.yaml:4:5', reason: 'Not today.' },
  ],
  [
    'a forbid without a reason',
    `${open}  - {id: f, effect: forbid}\n`,
    {},
    { ...denied, rule: 'f', where: 'rules.yaml:4:5', reason: 'Rule f forbids wipe on vc-1.' },
  ],
  [
    'a forbid of what has no target',
    `${open}  - {id: f, effect: forbid}\n`,
    nowhere,
    { ...denied, rule: 'f', where: 'rules.yaml:4:5', reason: 'Rule f forbids wipe.' },
  ],
  [
    'a permit with a reason',
    'version: 1\nrules:\n  - {id: p, effect: permit, reason: It is small.}\n',
    {},
    { allowed: true, rule: 'p', where: 'rules.yaml:3:5', reason: 'It is small.' },
  ],
  [
    'a permit without a reason',
    'version: 1\nrules:\n  - {id: p, effect: permit}\n',
    {},
    { allowed: true, rule: 'p', where: 'rules.yaml:3:5', reason: 'Rule p permits wipe on vc-1.' },
  ],
  [
    'a default that permits',
    'version: 1\ndefault: {write: permit}\n',
    {},
    { allowed: true, rule: 'default', reason: 'No rule forbids wipe on vc-1.' },
  ],
  [
    'a default that permits what has no target',
    'version: 1\ndefault: {write: permit}\n',
    nowhere,
    { allowed: true, rule: 'default', reason: 'No rule forbids wipe.' },
  ],
  [
    'a default that forbids changes',
    'version: 1\n',
    {},
    {
      ...denied,
      rule: 'default',
      reason: 'No rule permits wipe on vc-1, and rules.yaml forbids changes by default.',
    },
  ],
  [
    'a default that forbids reads',
    'version: 1\ndefault: {read: forbid}\n',
    read,
    {
      ...denied,
      rule: 'default',
      reason: 'No rule permits wipe on vc-1, and rules.yaml forbids reads by default.',
    },
  ],
])('%s says so, and where it stands', async (_, text, asked, said) => {
  const { allowed, code, rule, where, reason, remedy: next } = await decide(text, asked);
  expect({ allowed, code, rule, where, reason }).toEqual(said);
  expect(next).toBe(remedy);
});

test('the whole decision about a change', async () => {
  expect(await decide(`${open}  - {id: f, effect: forbid, tools: [other]}\n`)).toEqual({
    allowed: true,
    rule: 'default',
    reason: 'No rule forbids wipe on vc-1.',
    remedy,
    consent: 'flag',
    consentRule: 'default',
    approvals: 0,
    tickets: [],
    trace: [
      {
        rule: 'f',
        effect: 'forbid',
        matched: false,
        failed: 'tools',
        where: 'rules.yaml:4:5',
        line: 4,
      },
    ],
  });
});

test('every rule is traced with what it did: matched, failed first, missing first, set aside', async () => {
  const { trace } = await decide(
    `${open}
  - {id: hit, effect: forbid, when: {args: {absent: {equals: 1}}}}
  - {id: two-fail, effect: forbid, tools: [other], effects: [read]}
  - {id: two-miss, effect: permit, when: {args: {b: {equals: 1}, a: {equals: 1}}}}
  - {id: miss-then-fail, effect: permit, when: {args: {b: {equals: 1}, size: {equals: 1}}}}
  - {id: waits, effect: forbid, when: {blast_radius: {min: 2}}}
  - {id: waits-in-vain, effect: require, when: {blast_radius: {min: 2}, args: {size: {equals: 1}}}, obligations: {consent: seal}}
  - {id: may, effect: permit, when: {blast_radius: {min: 2}}}
`,
    { when: 'before', input: { size: 2 } },
  );
  const row = (line: number, rest: object) => ({ where: `rules.yaml:${line}:5`, line, ...rest });
  expect(trace).toEqual([
    row(5, { rule: 'hit', effect: 'forbid', matched: true }),
    row(6, { rule: 'two-fail', effect: 'forbid', matched: false, failed: 'tools' }),
    row(7, { rule: 'two-miss', effect: 'permit', matched: false, failed: 'when.args.b' }),
    row(8, { rule: 'miss-then-fail', effect: 'permit', matched: false, failed: 'when.args.size' }),
    row(9, { rule: 'waits', effect: 'forbid', matched: false, aside: true }),
    row(10, {
      rule: 'waits-in-vain',
      effect: 'require',
      matched: false,
      failed: 'when.args.size',
    }),
    row(11, { rule: 'may', effect: 'permit', matched: true }),
  ]);
});

test.each([
  ['b, a, c', '{id: b, EFFECT}', '{id: a, EFFECT}', '{id: c, EFFECT}'],
  ['a, b', '{id: a, EFFECT}', '{id: b, EFFECT}'],
  ['c, a', '{id: c, EFFECT}', '{id: a, EFFECT}'],
])('of rules that decide alike, %s, the smallest id is named', async (_, ...rules) => {
  for (const effect of ['forbid', 'permit']) {
    const lines = rules.map((one) => `  - ${one.replace('EFFECT', `effect: ${effect}`)}\n`);
    expect((await decide(open + lines.join(''))).rule).toBe('a');
  }
});

test.each([
  // What the file writes down first is asked last: a rank counts more than an id.
  ['a denial', 'deny: [{name: zzz}]\nmaintenance_window: {start: "22:00"}\n', 'zzz'],
  [
    'the window',
    'change_limits: {max_cpu_change_pct: 1}\nmaintenance_window: {start: "22:00"}\n',
    'maintenance_window',
  ],
])('of the family form, %s is named before what comes after it', async (_, text, rule) => {
  const asked = { tool: { risk: 'high' }, input: { cpu: 2 }, change: { cpu: 50 } };
  expect((await decide(text, asked)).rule).toBe(rule);
});

const required = (...lines: string[]) =>
  `${open}${lines.map((one) => `  - {effect: require, ${one}}\n`).join('')}`;

test.each<[string, string, string, string]>([
  ['less than the default', required('id: a, obligations: {consent: none}'), 'flag', 'default'],
  ['as much as the default', required('id: a, obligations: {consent: flag}'), 'flag', 'default'],
  ['more than the default', required('id: a, obligations: {consent: seal}'), 'seal', 'a'],
  ['a dry run first', required('id: a, obligations: {dry_run_first: true}'), 'seal', 'a'],
  [
    'a dry run first and less',
    required('id: a, obligations: {dry_run_first: true, consent: flag}'),
    'seal',
    'a',
  ],
  [
    'a dry run first and more',
    required('id: a, obligations: {dry_run_first: true, consent: human}'),
    'human',
    'a',
  ],
  [
    'two alike, the smaller id first',
    required('id: a, obligations: {consent: seal}', 'id: b, obligations: {consent: seal}'),
    'seal',
    'a',
  ],
  [
    'two alike, the smaller id last',
    required('id: b, obligations: {consent: seal}', 'id: a, obligations: {consent: seal}'),
    'seal',
    'a',
  ],
  [
    'two, the weaker of which has the smaller id',
    required('id: b, obligations: {consent: human}', 'id: a, obligations: {consent: seal}'),
    'human',
    'b',
  ],
  ['approvals only', required('id: a, obligations: {approvals: 2}'), 'flag', 'default'],
])('consent where a rule asks for %s', async (_, text, consent, consentRule) => {
  expect(await decide(text)).toMatchObject({ consent, consentRule });
});

test('a read needs no consent, whatever the file says of its risk', async () => {
  const text =
    'version: 1\ndefault: {read: permit, consent: {medium: human}}\nrules:\n  - {id: r, effect: require, obligations: {consent: second_person, approvals: 2, ticket: true}}\n';
  expect(await decide(text, read)).toMatchObject({
    allowed: true,
    consent: 'none',
    consentRule: 'default',
    approvals: 0,
    tickets: [],
  });
});

test.each<[string, Parameters<typeof judge>[3], string]>([
  ['nothing', undefined, 'flag'],
  ['less', { medium: 'none' }, 'flag'],
  ['as much', { medium: 'flag' }, 'flag'],
  ['more', { medium: 'human' }, 'human'],
  ['more for another risk', { high: 'human' }, 'flag'],
])('a surface that asks for %s', async (_, floor, consent) => {
  expect(await decide('version: 1\ndefault: {write: permit}\n', {}, floor)).toMatchObject({
    consent,
    consentRule: 'default',
  });
});

test.each([
  ['prod', 'seal'],
  ['pre-prod', 'flag'],
  ['', 'flag'],
  [undefined, 'flag'],
])('a high risk in the environment %s takes a %s', async (environment, consent) => {
  const target = environment === undefined ? {} : { environment };
  const asked = { tool: { risk: 'high' }, target };
  expect((await decide('version: 1\ndefault: {write: permit}\n', asked)).consent).toBe(consent);
});

test('people are as many as the rule that asks for most, and one for a second person', async () => {
  const people = async (...obligations: string[]) =>
    (
      await decide(
        required(...obligations.map((one, index) => `id: r${index}, obligations: {${one}}`)),
      )
    ).approvals;
  expect(await people('consent: seal')).toBe(0);
  expect(await people('consent: second_person')).toBe(1);
  expect(await people('consent: second_person', 'approvals: 2')).toBe(2);
  expect(await people('approvals: 3', 'approvals: 2', 'ticket: true')).toBe(3);
});
