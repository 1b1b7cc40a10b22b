import { expect, test } from 'vitest';
import { lint } from './lint.js';
import { loadRules } from './load.js';

/** What is found about rule `a`, which stands in line 4. */
const found = async (rule: string, rest = '') => {
  const text = `version: 1\ndefault: {write: permit}\nrules:\n  - {id: a, ${rule}}\n${rest}`;
  return lint(await loadRules(Buffer.from(text)), []).map(
    ({ severity, check, where, message }) => `${severity} ${check} ${where} ${message}`,
  );
};

const backwards =
  'warning rate-backwards rules.yaml:4:5 a forbids the first calls, not those above the rate; write unless.';

test.each<[string, string, string[]]>([
  ['forbids when', 'effect: forbid, when: {rate: {max: 5, per: 1h}}', [backwards]],
  ['forbids unless', 'effect: forbid, unless: {rate: {max: 5, per: 1h}}', []],
  ['forbids by something else', 'effect: forbid, when: {blast_radius: {min: 5}}', []],
  [
    'requires when',
    'effect: require, when: {rate: {max: 5, per: 1h}}, obligations: {consent: seal}',
    [],
  ],
])('a rate in a rule that %s', async (_, rule, wanted) =>
  expect(await found(rule)).toEqual(wanted),
);

const claim =
  'note ticket-is-a-claim rules.yaml:4:5 a asks for a ticket, which is recorded and not looked up; ask for approvals where somebody must agree.';

test.each<[string, string[]]>([
  ['ticket: "CHG*"', [claim]],
  ['ticket: true', [claim]],
  ['consent: seal', []],
])('a rule that requires %s', async (obligation, wanted) =>
  expect(await found(`effect: require, obligations: {${obligation}}`)).toEqual(wanted),
);

const few = (asked: number, named: number) =>
  `error too-few-approvers rules.yaml:4:5 a asks for ${asked} approvals, and approvals.from names ${named} people.`;

test.each<[string, string, string[]]>([
  ['approvals: 2', 'from: [bob]', [few(2, 1)]],
  ['approvals: 2', 'from: [bob, eve]', []],
  ['approvals: 1', 'from: [bob]', []],
  ['approvals: 2', 'from: ["b*"]', []],
  ['approvals: 2', 'from: ["b?b"]', []],
  ['approvals: 3', 'from: [bob, "e*"]', []],
  ['approvals: 2', 'minutes: 5', []],
  ['consent: second_person', 'from: []', [few(1, 0)]],
  ['consent: second_person', 'from: [bob]', []],
  ['consent: second_person, approvals: 3', 'from: [bob, eve]', [few(3, 2)]],
  ['consent: human', 'from: []', []],
])('%s where approvals are {%s}', async (obligation, approvals, wanted) =>
  expect(
    await found(`effect: require, obligations: {${obligation}}`, `approvals: {${approvals}}\n`),
  ).toEqual(wanted),
);

test('without approvals in the file nobody can say who is too few', async () =>
  expect(await found('effect: require, obligations: {approvals: 2}')).toEqual([]));

test.each<[string, number]>([
  ['users: [ann]', 0],
  ['groups: [g]', 0],
  ['users: [ann], surfaces: [cli]', 0],
  ['surfaces: [cli]', 1],
  ['agents: [x]', 1],
])('a role of {%s} is a claim in %i findings', async (role, wanted) => {
  const rest = `roles: {r: {${role}, level: read_only}}\n`;
  expect(await found('effect: forbid', rest)).toHaveLength(wanted);
});
