import { describe, expect, test } from 'vitest';
import { differences, edits, questionsFor } from './diff.js';
import { loadRules } from './load.js';
import type { ToolFacts } from './question.js';

const noon = new Date('2026-06-10T12:00:00Z');
const load = (text: string) => loadRules(Buffer.from(text));
const open = 'version: 1\ndefault: {write: permit}\n';
const rules = (...lines: string[]) => `rules: [${lines.map((one) => `{${one}}`).join(', ')}]\n`;

const wipe: ToolFacts = { name: 'wipe', effect: 'write', risk: 'medium', level: 'vm_lifecycle' };
const look: ToolFacts = { name: 'look', effect: 'read', risk: 'low', level: 'read_only' };

/** Differences of one place, as lines of tool, role, old and new. */
const differ = async (
  old: string,
  next: string,
  tools = [wipe],
  roles: (string | null)[] = [null],
  place = { target: 'vc', environment: 'lab' },
) =>
  differences([await load(old), await load(next)], tools, { places: [place], roles }, noon).map(
    (one) => `${one.tool}/${one.role}: ${one.old} -> ${one.new}`,
  );

describe('the questions', () => {
  test('are about every place that either file names, one that none names, and no label', async () => {
    const [old, next] = await Promise.all([
      load(
        `${open}${rules('id: a, effect: forbid, targets: {names: ["vc-*", nsx], environments: [prod*]}')}`,
      ),
      load(
        `${open}${rules('id: b, effect: forbid, targets: {names: ["v?", nsx]}', 'id: c, effect: forbid, targets: {environments: ["*", "**"]}')}`,
      ),
    ]);
    const { places, roles } = questionsFor(old, next);
    expect(places).toEqual(
      ['vc-', 'nsx', 'vx', 'other'].flatMap((target) =>
        ['prod', 'other', ''].map((environment) => ({ target, environment })),
      ),
    );
    expect(roles).toEqual([null]);
  });

  test('are asked by every role of either file, and by nobody in particular', async () => {
    const role = '{users: [a], level: read_only}';
    expect(
      questionsFor(
        await load(`version: 1\nroles: {ops: ${role}, dev: ${role}}\n`),
        await load(`version: 1\nroles: {dev: ${role}, qa: ${role}}\n`),
      ),
    ).toEqual({
      places: ['other', ''].map((environment) => ({ target: 'other', environment })),
      roles: ['ops', 'dev', 'qa', null],
    });
  });
});

describe('a difference', () => {
  test('has its tool, its place, its role and both answers', async () => {
    const [old, next] = [await load(open), await load(open + rules('id: f, effect: forbid'))];
    const place = { target: 'vc', environment: 'lab' };
    expect(
      differences([old, next], [wipe, look], { places: [place], roles: [null] }, noon),
    ).toEqual([
      { tool: 'wipe', ...place, role: null, old: 'allow, consent flag', new: 'deny by f' },
      { tool: 'look', ...place, role: null, old: 'allow', new: 'deny by f' },
    ]);
  });

  test.each<[string, string, string, string[]]>([
    ['nothing', open, open, []],
    [
      'which rule denies',
      open + rules('id: a, effect: forbid'),
      open + rules('id: b, effect: forbid'),
      [],
    ],
    ['which rule permits', `version: 1\n${rules('id: a, effect: permit')}`, open, []],
    ['a default', open, 'version: 1\n', ['wipe/null: allow, consent flag -> deny by default']],
    [
      'consent',
      open,
      'version: 1\ndefault: {write: permit, consent: {medium: human}}\n',
      ['wipe/null: allow, consent flag -> allow, consent human'],
    ],
    [
      'people and tickets',
      open + rules('id: r, effect: require, obligations: {ticket: true}'),
      open +
        rules(
          'id: r, effect: require, obligations: {ticket: b, approvals: 2}',
          'id: s, effect: require, obligations: {ticket: a}',
        ),
      [
        'wipe/null: allow, consent flag, ticket * -> allow, consent flag, approvals 2, ticket a, ticket b',
      ],
    ],
    [
      'a level that is lost',
      open,
      `${open}roles: {ops: {users: [ann], level: read_only}}\n`,
      ['wipe/null: allow, consent flag -> deny by roles'],
    ],
  ])('in %s', async (_, old, next, wanted) => expect(await differ(old, next)).toEqual(wanted));

  test('in a place is about that place', async () => {
    const next = open + rules('id: f, effect: forbid, targets: {names: [vc], environments: [lab]}');
    const at = (target: string, environment: string) =>
      differ(open, next, [wipe], [null], { target, environment });
    expect(await at('vc', 'lab')).toHaveLength(1);
    expect(await at('vc', 'prod')).toEqual([]);
    expect(await at('nsx', 'lab')).toEqual([]);
  });

  test('is asked for each role, which without a section of roles means nothing', async () => {
    const roles = (level: string) => `${open}roles: {ops: {users: [ann], level: ${level}}}\n`;
    const both = ['ops', null];
    expect(await differ(roles('read_only'), roles('full_admin'), [wipe], both)).toEqual([
      'wipe/ops: deny by roles -> allow, consent flag',
    ]);
    expect(await differ(open, roles('full_admin'), [wipe], both)).toEqual([
      'wipe/null: allow, consent flag -> deny by roles',
    ]);
  });

  test('is asked for nobody in particular too, who has what a terminal has', async () => {
    const next = `${open}roles: {all: {surfaces: [cli], level: full_admin}}\n`;
    expect(await differ(open, next)).toEqual([]);
    expect(await differ(open, next.replace('full_admin', 'read_only'))).toHaveLength(1);
  });

  test('may depend on the time', async () => {
    const at = (from: string) =>
      open + rules(`id: f, effect: forbid, when: {window: {from: "${from}", to: "13:00"}}`);
    expect(await differ(open, at('12:00'))).toHaveLength(1);
    expect(await differ(open, at('12:01'))).toEqual([]);
  });
});

describe('edits', () => {
  const edited = async (old: string, next: string) => edits(await load(old), await load(next));
  const none = { added: [], removed: [], changed: [] };
  const a = 'id: a, effect: forbid';
  const b = 'id: b, effect: permit';

  test.each<[string, string, string, object]>([
    ['the order and the places of rules', open + rules(a, b), `# x\n${open}${rules(b, a)}`, {}],
    ['a rule more', open + rules(a), open + rules(a, b), { added: ['b'] }],
    ['a rule less', open + rules(a, b), open + rules(b), { removed: ['a'] }],
    ['the tools of a rule', open + rules(a), open + rules(`${a}, tools: [x]`), { changed: ['a'] }],
    [
      'a condition',
      open + rules(`${a}, when: {args: {x: {min: 1}}}`),
      open + rules(`${a}, when: {args: {x: {min: 2}}}`),
      { changed: ['a'] },
    ],
    [
      'a rate',
      open + rules(`${a}, unless: {rate: {max: 1, per: 1h}}`),
      open + rules(`${a}, unless: {rate: {max: 1, per: 2h}}`),
      { changed: ['a'] },
    ],
    ['a default', open, 'version: 1\n', { changed: ['default'] }],
    [
      'consent',
      open,
      'version: 1\ndefault: {write: permit, consent: {low: seal}}\n',
      { changed: ['default'] },
    ],
    [
      'a role more',
      open,
      `${open}roles: {ops: {users: [a], level: read_only}}\n`,
      { added: ['roles.ops'] },
    ],
    [
      'a role that changed, and one at another place',
      `${open}roles: {ops: {users: [a], level: read_only}, dev: {users: [a], level: read_only}}\n`,
      `${open}\nroles: {dev: {users: [a], level: read_only}, ops: {users: [b], level: read_only}}\n`,
      { changed: ['roles.ops'] },
    ],
    ['approvals', open, `${open}approvals: {minutes: 5}\n`, { added: ['approvals'] }],
    ['break_glass', `${open}break_glass: {users: [a]}\n`, open, { removed: ['break_glass'] }],
    [
      'budgets',
      `${open}budgets: {calls: {max: 1, per: 1h}}\n`,
      `${open}budgets: {calls: {max: 2, per: 1h}}\n`,
      { changed: ['budgets'] },
    ],
    ['runaway', open, `${open}runaway: {max: 2, per: 1h}\n`, { added: ['runaway'] }],
    [
      'two rules of one name, turned around',
      'deny: [{name: a, operations: [x]}, {name: a}]\n',
      'deny: [{name: a}, {name: a, operations: [x]}]\n',
      {},
    ],
    [
      'one of two rules of one name',
      'deny: [{name: a, operations: [x]}, {name: a}]\n',
      'deny: [{name: a, operations: [y]}, {name: a}]\n',
      { changed: ['a'] },
    ],
    [
      'one of two rules of one name less',
      'deny: [{name: a}, {name: a}]\n',
      'deny: [{name: a}]\n',
      { changed: ['a'] },
    ],
  ])('of %s', async (_, old, next, wanted) =>
    expect(await edited(old, next)).toEqual({ ...none, ...wanted }),
  );
});
