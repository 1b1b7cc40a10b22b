import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { installedTools } from '../tools/registry.js';
import { explain } from './explain.js';
import { lint } from './lint.js';
import { loadRules } from './load.js';
import type { ToolFacts } from './question.js';
import { namesOf } from './question.js';
import { testRules } from './test-rules.js';

const load = (text: string) => loadRules(Buffer.from(text));
const now = new Date('2026-06-10T12:00:00Z');

const tools: ToolFacts[] = [
  { name: 'list_vms', effect: 'read', risk: 'low', level: 'read_only' },
  { name: 'power_on_vm', effect: 'write', risk: 'medium', level: 'power_ops' },
  { name: 'power_off_vm', effect: 'write', risk: 'medium', level: 'power_ops' },
  { name: 'reconfigure_vm', effect: 'write', risk: 'medium', level: 'vm_lifecycle' },
  { name: 'delete_vm', effect: 'destroy', risk: 'high', level: 'vm_lifecycle' },
  { name: 'delete_namespace', effect: 'destroy', risk: 'high', level: 'host_admin' },
  { name: 'delete_tkc_cluster', effect: 'destroy', risk: 'critical', level: 'host_admin' },
];
const byName = new Map(tools.map((tool) => [tool.name, tool]));

describe('lint', () => {
  const rule = (text: string) => `version: 1\nrules:\n  - {id: a, ${text}}\n`;
  it.each([
    ['unknown-tool', rule('effect: forbid, tools: [delete_vn]')],
    ['glob-matches-nothing', rule('effect: forbid, tools: [destroy_*]')],
    ['empty-list', rule('effect: forbid, tools: []')],
    ['empty-window', rule('effect: permit, tools: [list_vms], when: {window: {days: []}}')],
    ['empty-window', rule('effect: forbid, when: {window: {from: "10:00", to: "10:00"}}')],
    ['unreachable', rule('effect: forbid, tools: [list_vms], effects: [write]')],
    [
      'shadowed',
      `${rule('effect: permit, tools: [delete_vm]')}  - {id: b, effect: forbid, tools: [delete_*]}\n`,
    ],
    ['needless-permit', rule('effect: permit, effects: [read]')],
    ['over-broad', rule('effect: permit, tools: ["*"]')],
    ['environment-scoped', rule('effect: forbid, targets: {environments: [prod]}')],
    ['environment-scoped', 'deny: [{name: a, environments: [prod]}]'],
    [
      'duplicate-id',
      'deny:\n  - {name: a, operations: [delete_vm]}\n  - {name: a, operations: [list_vms]}\n',
    ],
    ['rate-backwards', rule('effect: forbid, when: {rate: {max: 5, per: 1h}}')],
    ['ticket-is-a-claim', rule('effect: require, obligations: {ticket: "CHG*"}')],
    [
      'too-few-approvers',
      `${rule('effect: require, obligations: {approvals: 2}')}approvals: {from: [bob]}\n`,
    ],
    ['role-names-nobody', 'version: 1\nroles: {ops: {surfaces: [cli], level: full_admin}}\n'],
  ])('finds %s', async (check, text) => {
    const findings = lint(await load(text), tools);
    expect(findings.map((one) => one.check)).toContain(check);
    for (const { where, line } of findings)
      expect(where).toMatch(new RegExp(`^rules\\.yaml:${line}:\\d+$`));
  });

  it('has nothing to say about a good file', async () => {
    const good =
      'version: 1\nrules:\n  - {id: p, effect: permit, tools: [power_*], effects: [write]}\n  - {id: f, effect: forbid, tools: [delete_vm]}\n';
    expect(lint(await load(good), tools)).toEqual([]);
  });

  it('does not take a conditional forbid for a wall', async () => {
    const text = `${rule('effect: permit, tools: [delete_vm]')}  - {id: b, effect: forbid, unless: {args: {name: {glob: x}}}}\n`;
    expect(lint(await load(text), tools)).toEqual([]);
  });
});

describe('tests in the file', () => {
  const file = (tests: string) => `version: 1
default: {write: permit}
roles:
  ops: {users: [ann], level: vm_lifecycle}
rules:
  - {id: no-db, effect: forbid, tools: [delete_vm], when: {args: {name: {glob: "db-*"}}}}
  - {id: care, effect: require, tools: [delete_vm], obligations: {consent: human}}
  - {id: big, effect: forbid, when: {blast_radius: {min: 10}}}
  - {id: unused, effect: forbid, tools: [reconfigure_vm], when: {window: {from: "01:00", to: "02:00"}}}
tests:
${tests}
`;
  it('pass and fail, with their lines and what came instead', async () => {
    const report = testRules(
      await load(
        file(`  - {as: {user: ann}, call: delete_vm, with: {name: db-1}, expect: forbid, rule: no-db}
  - {as: {role: ops}, call: delete_vm, with: {name: web}, expect: human, rule: care}
  - {as: {user: ann}, call: delete_vm, with: {name: web}, blast_radius: 10, expect: forbid, rule: big}
  - {as: {user: bob}, call: list_vms, expect: forbid, rule: roles}
  - {as: {user: ann}, call: delete_vm, with: {name: web}, expect: seal}
  - {as: {user: ann}, call: delete_vm, with: {name: db-1}, expect: permit}
  - {as: {user: ann}, call: delete_vm, with: {name: db-1}, expect: forbid, rule: care}
  - {as: {user: ann}, call: no_such_tool, expect: permit}`),
      ),
      byName,
      now,
    );
    expect(report.results.map(({ passed }) => passed)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(report.results.map(({ where }) => where)).toEqual(
      [11, 12, 13, 14, 15, 16, 17, 18].map((n) => `rules.yaml:${n}:5`),
    );
    expect(report.results[4]?.message).toBe(
      'expected seal, got permit with consent human by default: No rule forbids delete_vm.',
    );
    expect(report.results[6]?.message).toBe('expected rule care, got no-db');
    expect(report).toMatchObject({ passed: false, untested: ['unused'] });
  });

  it('can name the moment', async () => {
    const tests = ['2026-06-10T01:30:00Z', '2026-06-10T04:30:00+02:00']
      .map(
        (at, i) =>
          `  - {as: {user: ann}, call: reconfigure_vm, at: "${at}", expect: ${i ? 'permit' : 'forbid'}}`,
      )
      .join('\n');
    expect(testRules(await load(file(tests)), byName, now)).toMatchObject({ passed: true });
  });
});

describe('explain', () => {
  it('tells how every rule fared and what would happen', async () => {
    const set = await load(`version: 1
rules:
  - {id: nights, effect: permit, tools: [delete_*], when: {window: {from: "22:00", to: "04:00"}}}
  - {id: web, effect: permit, tools: [delete_*], when: {args: {name: {glob: "web-*"}}}}
  - {id: size, effect: forbid, when: {blast_radius: {min: 5}}}
`);
    const tool = byName.get('delete_vm');
    if (!tool) throw new Error('no tool');
    const told = explain(set, { tool, with: { name: 'db-1' } }, now);
    expect(told).toMatchObject({ allowed: false, rule: 'default', level: 'full_admin' });
    expect(told.decision.trace).toMatchObject([
      { rule: 'nights', matched: false, failed: 'when.window', where: 'rules.yaml:3:5', line: 3 },
      { rule: 'web', matched: false, failed: 'when.args.name', line: 4 },
      { rule: 'size', matched: false, aside: true, line: 5 },
    ]);
    expect(explain(set, { tool, with: { name: 'web-1' } }, now)).toMatchObject({
      allowed: true,
      rule: 'web',
    });
    expect(explain(set, { tool, with: { name: 'web-1' } }, now, { trust: 'groups' })).toMatchObject(
      { allowed: false, rule: 'roles' },
    );
  });
});

const examples = new URL('../../../../examples/rules/', import.meta.url);

describe('the examples', () => {
  const installed = installedTools();
  const names = new Map(installed.flatMap((one) => namesOf(one).map((name) => [name, one])));

  it.each(readdirSync(examples))(
    '%s loads, has no findings above a note, and passes its tests, with the tools there are',
    async (name) => {
      const set = await loadRules(readFileSync(new URL(name, examples)), { file: name });
      expect(lint(set, installed).filter(({ severity }) => severity !== 'note')).toEqual([]);
      const report = testRules(set, names, now);
      expect(report.results.filter(({ passed }) => !passed)).toEqual([]);
      if (set.form === 'version 1') {
        expect(report.results.length).toBeGreaterThan(0);
        expect(report.untested).toEqual([]);
      }
    },
  );
});

describe('an older name of a tool', () => {
  const facts = {
    name: 'power_on',
    aliases: ['power_on_vm'],
    effect: 'write',
    risk: 'medium',
    level: 'power_ops',
  } as const;

  it('means the tool in a rule, in lint and in a test', async () => {
    const text = 'deny:\n  - { name: no-power, operations: [power_on_vm] }\n';
    const set = await loadRules(Buffer.from(text), { file: 'rules.yaml' });
    expect(explain(set, { tool: facts }, now)).toMatchObject({ allowed: false, rule: 'no-power' });
    expect(lint(set, [facts]).filter(({ check }) => check === 'unknown-tool')).toEqual([]);
  });
});
