import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { labWithTools } from '../../../test/own-tools.js';

type Lab = Awaited<ReturnType<typeof labWithTools>>;

const file = (at: Lab, name: string, text: string): string => {
  const path = join(at.home.dir, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
};
const diff = (at: Lab, old: string, next: string) =>
  at.read('diff_rules', { old: file(at, 'old.yaml', old), new: file(at, 'new.yaml', next) });
const permissive = 'version: 1\ndefault: {write: permit}\n';
const rules = (...lines: string[]) =>
  `${permissive}rules:\n${lines.map((one) => `  - ${one}\n`).join('')}`;

test('a file and a rearranged copy of it differ in nothing', async () => {
  await using at = await labWithTools();
  const [one, other] = ['{id: a, effect: forbid, tools: [delete_vm]}', '{id: b, effect: permit}'];
  expect(await diff(at, rules(one, other), rules(other, one))).toMatchObject({
    items: [],
    differences: 0,
    added: [],
    removed: [],
    changed: [],
    hint: expect.stringMatching(/^0 of \d+ questions/),
  });
});

test('a rule about one environment is one line there, and one where there is no label', async () => {
  await using at = await labWithTools();
  const found = await diff(
    at,
    permissive,
    rules('{id: freeze, effect: forbid, tools: [delete_vm], targets: {environments: ["prod*"]}}'),
  );
  expect(found).toMatchObject({ added: ['freeze'], removed: [], changed: [], differences: 2 });
  expect(found['items']).toEqual(
    ['prod', '(no label)'].map((environment) => ({
      tool: 'delete_vm',
      tools: ['delete_vm'],
      target: 'any',
      environment,
      role: 'any',
      old: 'allow, consent seal',
      new: 'deny by freeze',
    })),
  );
});

test('what holds for every place and role is said once, with all its tools', async () => {
  await using at = await labWithTools();
  const roles =
    'roles: {ops: {users: [ann], level: full_admin}, all: {users: ["*"], level: full_admin}}\n';
  const scope = '{id: s, effect: permit, targets: {names: [vc-1], environments: [lab]}}';
  const found = await diff(
    at,
    rules(scope) + roles,
    rules(scope, '{id: no, effect: forbid, tools: ["delete_*"]}') + roles,
  );
  const items = found['items'] as { tool: string; tools: string[]; old: string }[];
  expect(items.flatMap(({ tools }) => tools)).toEqual(expect.arrayContaining(['delete_vm']));
  expect(new Set(items.flatMap(({ tools }) => tools)).size).toBeGreaterThan(3);
  for (const item of items)
    if (!item.old.includes('seal'))
      expect(item).toMatchObject({
        target: 'any',
        environment: 'any',
        role: 'any',
        new: 'deny by no',
      });
  const [first, second, ...rest] = items.find(({ tools }) => tools.length > 3)?.tools ?? [];
  expect(items.map(({ tool }) => tool)).toContain(`${first}, ${second} and ${rest.length} more`);
});

test('more consent, a lost level and an edited default are differences too', async () => {
  await using at = await labWithTools();
  const found = await diff(
    at,
    rules('{id: a, effect: forbid, tools: [delete_vm]}', '{id: gone, effect: permit}'),
    `version: 1
default: {write: permit, consent: {medium: human}}
roles: {reader: {users: [ann], level: read_only}}
rules:
  - {id: a, effect: forbid, tools: [delete_vm], reason: Ask first.}
`,
  );
  expect(found).toMatchObject({
    added: ['roles.reader'],
    removed: ['gone'],
    changed: ['default', 'a'],
    hint: expect.stringContaining('Removed: gone.'),
  });
  const said = new Set(
    (found['items'] as { role: string; new: string }[]).map((one) => `${one.role}: ${one.new}`),
  );
  expect(said).toContain('any: deny by roles');
  expect(said).toContain('(no role): deny by roles');
});

test('a requirement of more people or a ticket is a difference', async () => {
  await using at = await labWithTools();
  const found = await diff(
    at,
    permissive,
    rules(
      '{id: two, effect: require, tools: [delete_vm], obligations: {approvals: 2, ticket: "CHG*"}}',
    ),
  );
  expect(found['items']).toMatchObject([
    {
      tool: 'delete_vm',
      new: expect.stringMatching(/^allow, consent \w+, approvals 2, ticket CHG\*$/),
    },
  ]);
});

test('a file that is not there or does not load is refused with its place', async () => {
  await using at = await labWithTools();
  const good = file(at, 'good.yaml', permissive);
  expect(await at.ask('diff_rules', { old: good, new: '/no/such.yaml' })).toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(
    await at.ask('diff_rules', { old: file(at, 'bad.yaml', 'version: 1\nrulez: []\n'), new: good }),
  ).toMatchObject({
    code: 'RULES_UNAVAILABLE',
    message: expect.stringMatching(/bad\.yaml:2:1/),
  });
});
