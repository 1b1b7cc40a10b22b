import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { OnSim } from './changes.js';
import { built, cli, type Ran } from './cli.js';
import { changesAt, lab } from './lab.js';
import { mallory } from './refusals.js';

beforeAll(built, 120_000);

/** Something was wrong: said on stderr with its remedy, nothing on stdout, nothing changed, nobody left logged in. */
function expectTold(nsx: OnSim, ran: Ran, exit: number, ...says: (string | RegExp)[]): void {
  expect(ran).toMatchObject({ exit, stdout: '' });
  for (const words of says)
    expect(ran.stderr).toEqual(
      typeof words === 'string' ? expect.stringContaining(words) : expect.stringMatching(words),
    );
  expect(ran.stderr).not.toMatch(/\n\s+at .*:\d+:\d+|node:internal|Warning:/);
  expect(changesAt(nsx.sim)).toEqual([]);
  expect(nsx.sim.sessions.open).toBe(0);
}

type Case = readonly [
  what: string,
  args: readonly string[],
  exit: number,
  ...says: (string | RegExp)[],
];

const rule = ['rule', 'create', 'shop', 'x', '--name', 'X', '--yes'];
const service = ['service', 'create', 's', '--name', 'S', '--yes', '--entries'];
const trace = ['traceflow', 'run', '--yes'];

const cases: readonly Case[] = [
  // Ids
  ['an id with a slash', ['policy', 'get', 'a/b'], 2, 'it holds a slash', '[INVALID_INPUT]'],
  ['an id of dots', ['group', 'get', '..'], 2, 'dots alone name a folder', '[INVALID_INPUT]'],
  ['an encoded slash', ['group', 'get', 'a%2Fb'], 3, '/groups/a%2Fb', 'group list', '[NOT_FOUND]'],
  ['an id of nothing', ['policy', 'get', ''], 2, 'policy_id', 'policy get --help'],
  ['an id with spaces', ['policy', 'get', 'my policy'], 3, 'my policy', '[NOT_FOUND]'],
  ['an id in another script', ['policy', 'get', 'größe-策略'], 3, 'größe-策略', '[NOT_FOUND]'],
  ['a rule of no policy', ['rule', 'list', 'shp'], 3, 'Did you mean shop?', 'policy list'],
  ['a rule that is not there', ['rule', 'delete', 'shop', 'web-inn'], 3, 'Did you mean web-in?'],
  ['a path as an id', ['group', 'get', '/infra/domains/default/groups/web'], 2, 'a slash'],
  // Names
  [
    'a group with a typing mistake',
    [...rule, '--sources', 'web-server'],
    3,
    'no group "web-server" in the scope default',
    'Did you mean web-servers?',
    '/infra/domains/default/groups/web-servers',
  ],
  ['a service with one', [...rule, '--services', 'HTTPSS'], 3, 'Did you mean HTTPS?'],
  ['a group id with one', ['group', 'get', 'web-server'], 3, 'Did you mean web-servers?'],
  [
    'a service as a source',
    [...rule, '--sources', '/infra/services/HTTPS'],
    2,
    'is not the path of a group',
    'group list',
  ],
  ['a VM that two are', ['tag', 'list', 'db-01'], 6, '2 VMs', 'external id', '[AMBIGUOUS]'],
  ['a VM in the wrong case', ['tag', 'list', 'WEB-01'], 3, 'exactly', '[NOT_FOUND]'],
  // ANY
  [
    'ANY beside a group',
    [...rule, '--sources', 'web-servers,any'],
    2,
    'sources: ANY already is everything',
    'Leave out ANY',
  ],
  ['ANY beside a service', [...rule, '--services', 'HTTPS,ANY'], 2, 'services: ANY already is'],
  ['nothing as a source', [...rule, '--sources', ''], 2, 'sources', '[INVALID_INPUT]'],
  // Addresses and ports
  ['an address above 255', [...rule, '--sources', '10.0.0.300'], 2, '"10.0.0.300" is not an IP'],
  ['a prefix above 32', [...rule, '--sources', '10.0.0.0/33'], 2, '10.1.0.0/16', '[INVALID_INPUT]'],
  ['a range that ends first', [...rule, '--sources', '10.0.0.9-10.0.0.1'], 2, '[INVALID_INPUT]'],
  ['a broken IPv6 address', [...rule, '--destinations', '2001:::1'], 2, 'destinations: "2001:::1"'],
  [
    'an address of a group above 255',
    ['group', 'create', 'g', '--name', 'G', '--ip-addresses', '10.0.0.256', '--yes'],
    2,
    '"10.0.0.256" is not an IP address, prefix or range',
  ],
  ['a port above 65535', [...service, 'TCP:70000'], 2, 'a number from 0 to 65535'],
  ['a range of ports that ends first', [...service, 'TCP:90-80'], 2, 'ends before it begins'],
  ['a protocol nobody knows', [...service, 'FOO:1'], 2, 'Write TCP:443'],
  ['port 0 of a packet', [...trace, '--src-vm', 'web-01', '--dst-port', '0'], 2, 'dst_port'],
  [
    'a port of a question',
    ['explain', 'connectivity', 'web-01', 'app-01', '--port', '99999'],
    2,
    'ports go from 0 to 65535',
  ],
  ['a sequence number too big', [...rule, '--seq', '1000000'], 2, 'sequence_number', '<=999999'],
  // Tags
  ['a bar in a tag', ['tag', 'find', 'tier|web'], 2, 'must not hold "|"', 'tag find --help'],
  [
    'a bar in a scope',
    ['tag', 'apply', 'web-01', '--scope', 'a|b', '--value', 'c', '--yes'],
    2,
    'must not hold "|"',
  ],
  // What is not allowed now
  [
    'a locked policy',
    ['rule', 'update', 'pci-locked', 'pci-jump-ssh', '--no-logged', '--yes'],
    6,
    'pci-locked is locked by admin2',
    '[BLOCKED]',
  ],
  [
    'an action of another category',
    [...rule, '--action', 'JUMP_TO_APPLICATION'],
    6,
    'for the category Environment only',
  ],
  ['an action that is none', [...rule, '--action', 'PERMIT'], 2, 'Allowed choices are ALLOW, DROP'],
  [
    'an id that exists',
    ['group', 'create', 'shop', '--name', 'G', '--yes'],
    6,
    'exists already (shop); creating it would overwrite it',
  ],
  [
    'a policy with rules',
    ['policy', 'delete', 'shop', '--yes', '--confirm', 'shop'],
    6,
    'It has 6 rules: app-to-db',
    'Delete them first.',
  ],
  [
    'a group in use',
    ['group', 'delete', 'web-servers', '--yes', '--confirm', 'web-servers'],
    6,
    '/infra/domains/default/security-policies/shop/rules/web-in',
    '[BLOCKED]',
  ],
  [
    'a port on a VLAN',
    [...trace, '--src-vm', 'appliance-01', '--src-ip', '10.10.20.5', '--dst-ip', '10.10.1.11'],
    6,
    'on the VLAN-backed segment vlan-dmz',
    'explain connectivity',
  ],
  [
    'a VM with two cards',
    [...trace, '--src-vm', 'win-jump', '--dst-ip', '10.10.1.11'],
    6,
    '2 network cards',
    'src_ip',
  ],
  // Words
  [
    'a target nobody knows',
    ['policy', 'list', '-t', 'labb'],
    3,
    'known: lab, prod',
    'Use the target lab.',
  ],
  [
    'a scope that is none',
    ['policy', 'list', '--scope', 'projekt:x'],
    2,
    '"projekt:x" is not a scope of NSX',
    'vpc:<project>/<id>',
  ],
  ['a scope that leads elsewhere', ['policy', 'list', '--scope', 'project:..'], 2, 'dots alone'],
  ['a project that is not there', ['group', 'list', '--scope', 'project:nope'], 3, 'nsx_scope'],
  [
    'a position without an anchor',
    ['rule', 'move', 'shop', 'web-in', '--position', 'after'],
    2,
    '--anchor',
  ],
  ['nothing to change', ['rule', 'update', 'shop', 'web-in', '--yes'], 2, 'Nothing to change'],
  ['a misspelt flag', ['rule', 'list', 'shop', '--hist'], 2, '(Did you mean --hits?)'],
  ['a misspelt command', ['ruel', 'list', 'shop'], 2, '(Did you mean rule?)'],
  // Files
  [
    'a snapshot that is not there',
    ['snapshot', 'diff', 'none'],
    3,
    'snapshots/none.json',
    'snapshot take',
  ],
  ['a plan that is not there', ['plan', 'apply', '/none.yaml', '--yes'], 3, '/none.yaml'],
];

test.each(cases.map(([what, ...rest]) => [what, rest] as const))(
  '%s: what is wrong, and what to do',
  async (_what, [args, exit, ...says]) => {
    await using nsx = await lab();
    expectTold(nsx, await cli(args, nsx.env), exit, ...says);
  },
);

test('a protected rule and one of the Global Manager are refused, saying whose they are', async () => {
  await using nsx = await lab();
  const rules = '/infra/domains/default/security-policies/shop/rules';
  mallory(nsx, `${rules}/web-in`, { _protection: 'PROTECTED' });
  mallory(nsx, `${rules}/old-ftp`, { _protection: 'REQUIRE_OVERRIDE' });
  const args = ['rule', 'update', 'shop'];
  const owned = await cli([...args, 'web-in', '--disabled', '--yes'], nsx.env);
  expectTold(nsx, owned, 6, 'is protected (_protection PROTECTED)', '[BLOCKED]');
  const managed = await cli([...args, 'old-ftp', '--disabled', '--yes'], nsx.env);
  expectTold(nsx, managed, 6, 'managed by another product', '[BLOCKED]');
});

test('an account without the role: the role it has, the one it needs, and nothing is done', async () => {
  const password = 'Simulated-NSX-3!';
  await using nsx = await lab({ users: [{ username: 'reader', password, role: 'auditor' }] });
  const ran = await cli(
    ['group', 'delete', 'empty-old', '--yes', '--confirm', 'empty-old'],
    nsx.env,
  );
  expect(ran).toMatchObject({ exit: 5, stdout: '' });
  expect(ran.stderr).toContain('The account has the role auditor');
  expect(ran.stderr).toMatch(/security_engineer changes the firewall.*\[NO_PERMISSION\]/);
  expect(nsx.sim.world.objects.get('/infra/domains/default/groups/empty-old')).toBeDefined();
  expect(nsx.sim.sessions.open).toBe(0);
});

test('a password that is wrong: tried once, and nothing else is asked', async () => {
  await using nsx = await lab();
  const wrong = { ...nsx.env, VMWARE_NSX_SECURITY_LAB_PASSWORD: 'wrong' };
  expectTold(
    nsx,
    await cli(['policy', 'list'], wrong),
    4,
    '[AUTH_FAILED]',
    'doctor --reset-login lab',
  );
  expectTold(nsx, await cli(['policy', 'list'], wrong), 4, '[LOGIN_PAUSED]');
  expect(nsx.sim.requests.map(({ method }) => method)).toEqual(['POST /api/session/create']);
});

test.each([
  ['an unknown field', 'version: 1\nrulez: []\n', 2, /plan\.yaml:\d+:\d+: .*rulez/],
  ['broken YAML', 'version: 1\npolicies: [\n', 2, /plan\.yaml:\d+:\d+: /],
  [
    'a wrong action',
    'version: 1\npolicies:\n  - id: a\n    rules:\n      - { id: b, action: PERMIT }\n',
    2,
    /plan\.yaml:5:\d+: policies\.0\.rules\.0\.action/,
  ],
  [
    'one id twice',
    'version: 1\ngroups:\n  - { id: a }\n  - { id: a }\n',
    2,
    /the group a is named twice/,
  ],
  [
    'a group nobody has',
    'version: 1\npolicies:\n  - id: a\n    category: Application\n    rules:\n      - { id: b, sources: [nobody] }\n',
    3,
    /the group "nobody", which is neither there nor in the plan/,
  ],
] as const)('a plan with %s: where, and nothing is sent', async (_what, text, exit, says) => {
  await using nsx = await lab();
  const file = join(nsx.userHome, 'plan.yaml');
  writeFileSync(file, text);
  const ran = await cli(['plan', 'apply', file, '--yes', '--confirm', file], nsx.env);
  expectTold(nsx, ran, exit, says);
});

test('an answer that is lost: the outcome is unknown, with the command that shows it', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({
    match: { method: 'PUT /policy/api/v1/infra/services/{}' },
    then: { drop: 'after-acting' },
  });
  const ran = await cli([...service, 'TCP:1'], nsx.env);
  expect(ran).toMatchObject({ exit: 7, stdout: '' });
  expect(ran.stderr).toMatch(/Run `vmware-nsx-security service list -t lab`.*\[UNKNOWN_OUTCOME\]/s);
  expect(changesAt(nsx.sim)).toHaveLength(1);
  expect(
    await cli(['service', 'list', '-t', 'lab', '--name-filter', 's', '-o', 'name'], nsx.env),
  ).toMatchObject({ exit: 0 });
});

test('what is said with -o json is JSON too, on stderr', async () => {
  await using nsx = await lab();
  const ran = await cli(['tag', 'list', 'db-01', '-o', 'json'], nsx.env);
  expectTold(nsx, ran, 6);
  expect(JSON.parse(ran.stderr)).toMatchObject({
    error: { code: 'AMBIGUOUS', remedy: expect.any(String), details: { candidates: [{}, {}] } },
  });
});
