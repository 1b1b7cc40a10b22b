import { describe, expect, test } from 'vitest';
import { type Described, explain } from './explain.js';
import { loadRules } from './load.js';
import type { ToolFacts } from './question.js';

const noon = new Date('2026-06-10T12:00:00Z');
const tool: ToolFacts = { name: 'wipe', effect: 'write', risk: 'medium', level: 'vm_lifecycle' };
const open = 'version: 1\ndefault: {write: permit}\n';

const tell = async (
  text: string,
  described: Partial<Described> = {},
  options?: Parameters<typeof explain>[3],
) => explain(await loadRules(Buffer.from(text)), { tool, ...described }, noon, options);

/** Who is allowed, in short. */
const told = async (...asked: Parameters<typeof tell>) => {
  const { allowed, rule, level, roles } = await tell(...asked);
  return `${allowed ? 'yes' : 'no'} by ${rule}, ${level} of ${roles.join('+')}`;
};

test('everything is told of a call that a rule forbids', async () => {
  const said = await tell(`${open}rules: [{id: f, effect: forbid}]\n`);
  expect(said).toEqual({
    allowed: false,
    rule: 'f',
    where: 'rules.yaml:3:9',
    reason: 'Rule f forbids wipe.',
    roles: [],
    level: 'full_admin',
    decision: said.decision,
  });
  expect(said.decision).toMatchObject({ allowed: false, rule: 'f' });
});

test('a default stands nowhere', async () => {
  const said = await tell(open);
  expect(said).toEqual({
    allowed: true,
    rule: 'default',
    reason: 'No rule forbids wipe.',
    roles: [],
    level: 'full_admin',
    decision: said.decision,
  });
  expect(said).not.toHaveProperty('where');
});

test('a level that is missing comes before what the rules say', async () => {
  const said = await tell(`${open}roles: {ops: {users: [ann], level: power_ops}}
rules: [{id: f, effect: forbid}]
`);
  expect(said).toEqual({
    allowed: false,
    rule: 'roles',
    reason: "lacks 'vm_lifecycle' permission for 'wipe'",
    roles: [],
    level: null,
    decision: said.decision,
  });
  expect(said).not.toHaveProperty('where');
});

describe('the caller', () => {
  const text = `${open}roles:
  low: {users: [bob], level: power_ops}
  enough: {users: [ann], level: vm_lifecycle}
  team: {groups: [g], level: host_admin}
  robot: {agents: [claude], level: full_admin}
  web: {surfaces: [mcp], level: read_only}
`;
  test.each<[string, Partial<Described>, string]>([
    ['is nobody', {}, 'no by roles, null of '],
    ['has too little', { as: { user: 'bob' } }, 'no by roles, power_ops of low'],
    ['has just enough', { as: { user: 'ann' } }, 'yes by default, vm_lifecycle of enough'],
    ['is of a group', { as: { groups: ['x', 'g'] } }, 'yes by default, host_admin of team'],
    ['uses an agent', { agent: 'claude' }, 'yes by default, full_admin of robot'],
    ['comes by a surface', { surface: 'mcp' }, 'no by roles, read_only of web'],
    [
      'has several roles',
      { as: { user: 'ann', groups: ['g'] } },
      'yes by default, host_admin of enough+team',
    ],
    ['has a role by name', { as: { role: 'enough' } }, 'yes by default, vm_lifecycle of enough'],
    ['has that role only', { as: { role: 'low', user: 'ann' } }, 'no by roles, power_ops of low'],
    ['has a role of no file', { as: { role: 'x' } }, 'no by roles, null of x'],
  ])('%s', async (_, described, wanted) => expect(await told(text, described)).toBe(wanted));

  test('of a file without roles is trusted if local, and by groups otherwise', async () => {
    expect(await told(open)).toBe('yes by default, full_admin of ');
    expect(await told(open, {}, { trust: 'groups' })).toBe('no by roles, null of ');
    expect(await told(open, { as: { groups: ['vsphere-admins'] } }, { trust: 'groups' })).toBe(
      'yes by default, vm_lifecycle of ',
    );
  });

  test('is called nobody and comes by a terminal unless told', async () => {
    const roles = (who: string) => `${open}roles: {r: {${who}, level: full_admin}}\n`;
    for (const who of ['users: [nobody]', 'agents: [cli]', 'surfaces: [cli]'])
      expect(await told(roles(who))).toBe('yes by default, full_admin of r');
    expect(await told(roles('groups: ["*"]'))).toBe('no by roles, null of ');
  });

  test('has what a rule about roles asks for', async () => {
    const ruled = `${text}rules: [{id: f, effect: forbid, roles: [enough]}]\n`;
    expect(await told(ruled, { as: { user: 'ann' } })).toBe('no by f, vm_lifecycle of enough');
    expect(await told(ruled, { as: { role: 'team' } })).toBe('yes by default, host_admin of team');
  });
});

describe('the call', () => {
  const rules = (text: string) => `${open}rules: [{id: f, effect: forbid, ${text}}]\n`;
  test.each<[string, string, Partial<Described>, boolean]>([
    ['with an argument', 'when: {args: {n: {equals: 1}}}', { with: { n: 1 } }, false],
    ['with another argument', 'when: {args: {n: {equals: 1}}}', { with: { n: 2 } }, true],
    ['without an argument', 'when: {args: {n: {equals: 1}}}', {}, false],
    ['on a target', 'targets: {names: [vc]}', { target: { name: 'vc' } }, false],
    ['on another target', 'targets: {names: [vc]}', { target: { name: 'x' } }, true],
    ['in an environment', 'targets: {environments: [e]}', { target: { environment: 'e' } }, false],
    ['in another', 'targets: {environments: [e]}', { target: { environment: 'x' } }, true],
    ['of a size', 'when: {blast_radius: {min: 3}}', { blast_radius: 3 }, false],
    ['of a smaller size', 'when: {blast_radius: {min: 3}}', { blast_radius: 2 }, true],
    ['of no size yet', 'when: {blast_radius: {min: 3}}', {}, true],
    ['of size none', 'when: {blast_radius: {max: 0}}', { blast_radius: 0 }, false],
    ['for the first time', 'unless: {rate: {max: 1, per: 1h}}', {}, true],
    ['again', 'unless: {rate: {max: 1, per: 1h}}', { rates: new Map([['f', 1]]) }, false],
    [
      'again, of another rule',
      'unless: {rate: {max: 1, per: 1h}}',
      { rates: new Map([['g', 1]]) },
      true,
    ],
    ['at noon', 'when: {window: {from: "12:00", to: "12:01"}}', {}, false],
    ['after noon', 'when: {window: {from: "12:01", to: "13:00"}}', {}, true],
  ])('%s', async (_, text, described, allowed) =>
    expect((await tell(rules(text), described)).allowed).toBe(allowed),
  );

  test('needs the consent that its surface asks for at least', async () => {
    expect((await tell(open)).decision.consent).toBe('flag');
    expect((await tell(open, {}, { floor: { medium: 'seal' } })).decision.consent).toBe('seal');
  });
});
