import { expect, test } from 'vitest';
import { loadRules } from './load.js';
import type { ToolFacts } from './question.js';
import { testRules } from './test-rules.js';

const noon = new Date('2026-06-10T12:00:00Z');
const tools = new Map<string, ToolFacts>(
  [
    { name: 'wipe', effect: 'write', risk: 'medium', level: 'vm_lifecycle' } as const,
    { name: 'look', effect: 'read', risk: 'low', level: 'read_only' } as const,
  ].map((tool) => [tool.name, tool]),
);

const file = `version: 1
default: {write: permit}
roles:
  ops: {users: [ann], level: vm_lifecycle}
  team: {groups: [g], level: power_ops}
rules:
  - {id: no-db, effect: forbid, when: {args: {name: {glob: "db-*"}}}, reason: A database.}
  - {id: care, effect: require, targets: {environments: [prod]}, obligations: {consent: human}}
  - {id: here, effect: permit, targets: {names: [vc]}, when: {args: {name: {glob: "web-*"}}}}
  - {id: big, effect: forbid, effects: [write], when: {blast_radius: {min: 10}}}
  - {id: noon, effect: forbid, when: {window: {from: "12:00", to: "12:30"}, args: {name: {equals: noon}}}}
tests:
  - `;
const web = 'with: {name: web-1}, target: {name: vc, environment: lab}';

/** What is said of one test, in line 13. */
const run = async (text: string, now = noon) => {
  const { results, ...rest } = testRules(
    await loadRules(Buffer.from(`${file}{${text}}\n`)),
    tools,
    now,
  );
  expect(results).toHaveLength(1);
  return { ...rest, ...results[0] };
};

test.each<[string, string | undefined]>([
  [`as: {user: ann}, call: wipe, ${web}, expect: permit`, undefined],
  [`as: {user: ann}, call: wipe, ${web}, expect: flag`, undefined],
  [`as: {user: ann}, call: wipe, ${web}, expect: permit, rule: here`, undefined],
  [`as: {user: ann}, call: wipe, ${web}, expect: permit, rule: default`, undefined],
  [`as: {role: ops}, call: wipe, ${web}, expect: permit`, undefined],
  [`as: {groups: [g]}, call: look, ${web}, expect: none`, undefined],
  [
    `as: {user: ann}, call: wipe, with: {name: web-1}, target: {name: vc, environment: prod}, expect: human, rule: care`,
    undefined,
  ],
  [
    'as: {user: ann}, call: wipe, with: {name: db-1}, target: {environment: lab}, expect: forbid, rule: no-db',
    undefined,
  ],
  [`as: {user: ann}, call: wipe, ${web}, blast_radius: 10, expect: forbid, rule: big`, undefined],
  [`as: {user: ann}, call: wipe, ${web}, blast_radius: 9, expect: permit`, undefined],
  [`as: {user: bob}, call: look, ${web}, expect: forbid, rule: roles`, undefined],
  [`call: look, ${web}, expect: forbid, rule: roles`, undefined],
  [
    'as: {user: ann}, call: wipe, with: {name: noon}, target: {environment: lab}, expect: forbid, rule: noon',
    undefined,
  ],
  [
    'as: {user: ann}, call: wipe, with: {name: noon}, target: {environment: lab}, at: "2026-06-10T12:30:00Z", expect: permit',
    undefined,
  ],
  ['call: wipy, expect: permit', 'no tool is called wipy'],
  [
    `as: {user: ann}, call: wipe, ${web}, expect: forbid`,
    'expected forbid, got permit with consent flag by here: Rule here permits wipe on vc.',
  ],
  [
    `as: {user: ann}, call: wipe, ${web}, expect: seal`,
    'expected seal, got permit with consent flag by here: Rule here permits wipe on vc.',
  ],
  [
    'as: {user: ann}, call: wipe, with: {name: db-1}, target: {environment: lab}, expect: permit',
    'expected permit, got forbid by no-db: A database.',
  ],
  [
    'as: {user: ann}, call: wipe, with: {name: db-1}, target: {environment: lab}, expect: flag',
    'expected flag, got forbid by no-db: A database.',
  ],
  [
    `call: wipe, ${web}, expect: permit`,
    "expected permit, got forbid by roles: lacks 'vm_lifecycle' permission for 'wipe'",
  ],
  [
    `as: {user: ann}, call: wipe, ${web}, expect: permit, rule: care`,
    'expected rule care, got here and default',
  ],
  [
    'as: {user: ann}, call: wipe, with: {name: db-1}, target: {environment: prod}, expect: forbid, rule: care',
    'expected rule care, got no-db',
  ],
])('%s: %s', async (text, message) => {
  const call = /call: (\w+)/.exec(text)?.[1];
  const { untested, ...said } = await run(text);
  expect(said).toEqual({
    passed: message === undefined,
    where: 'rules.yaml:13:5',
    call,
    ...(message === undefined ? {} : { message }),
  });
});

test('rules that matched in no test are named, also those that another one overruled are not', async () => {
  const untested = async (text: string) => (await run(text)).untested;
  expect(await untested('call: wipy, expect: permit')).toEqual([
    'no-db',
    'care',
    'here',
    'big',
    'noon',
  ]);
  expect(await untested(`as: {user: ann}, call: wipe, ${web}, expect: permit`)).toEqual([
    'no-db',
    'care',
    'big',
    'noon',
  ]);
  expect(
    await untested(
      'as: {user: ann}, call: wipe, with: {name: db-1}, target: {environment: prod}, blast_radius: 99, expect: forbid',
    ),
  ).toEqual(['here', 'noon']);
});

test('a report passes when all its tests do, and without any', async () => {
  const report = async (tests: string) =>
    testRules(await loadRules(Buffer.from(`version: 1\ntests: [${tests}]\n`)), tools, noon);
  const good = '{call: look, expect: permit}';
  const bad = '{call: look, expect: forbid}';
  expect((await report('')).passed).toBe(true);
  expect((await report(`${good}, ${good}`)).passed).toBe(true);
  const { passed, results } = await report(`${bad}, ${good}`);
  expect(passed).toBe(false);
  expect(results.map(({ passed: one }) => one)).toEqual([false, true]);
});
