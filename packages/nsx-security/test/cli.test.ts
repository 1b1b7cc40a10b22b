import { beforeAll, expect, describe as suite, test } from 'vitest';
import { atTerminal } from './at-terminal.js';
import type { OnSim } from './changes.js';
import { built, cli, type Ran } from './cli.js';
import { changesAt, lab } from './lab.js';

beforeAll(built, 120_000);

const run = (nsx: OnSim, line: string, ...more: string[]): Promise<Ran> =>
  cli([...line.split(' '), ...more], nsx.env);

/** What a command that works has written to stdout. */
async function data(nsx: OnSim, line: string, ...more: string[]): Promise<string> {
  const ran = await run(nsx, line, ...more);
  expect(ran).toMatchObject({ exit: 0 });
  return ran.stdout;
}
const json = async (nsx: OnSim, line: string): Promise<Record<string, unknown>> =>
  JSON.parse(await data(nsx, line)) as Record<string, unknown>;

/** Rows of a table, its heading first. */
const table = async (nsx: OnSim, line: string): Promise<string[][]> =>
  (await data(nsx, line))
    .trimEnd()
    .split('\n')
    .map((row) => row.split(/ {3,}/).map((cell) => cell.trim()));

/** What the Manager API calls the lport_id: the unique id of the port of a machine's only network card. */
function portOf({ sim: { world } }: OnSim, name: string): string {
  const vm = world.fabric.vms().find(({ display_name }) => display_name === name);
  const vif = world.fabric.vifs().find(({ owner_vm_id }) => owner_vm_id === vm?.external_id);
  const port = world.objects
    .ofType('SegmentPort')
    .find(
      ({ attachment }) =>
        (attachment as { id?: string } | undefined)?.id === vif?.lport_attachment_id,
    );
  return String(port?.['unique_id']);
}

const everywhere = ['-t, --target <name>', '-c, --config <file>'];
const change = [...everywhere, '--dry-run', '-y, --yes'];
const destroy = [...change, '--confirm <name>'];
const lists = [...everywhere, '--limit <n>', '--offset <n>'];

suite('commands of the family, with their arguments and options', () => {
  test.each<[string, string, readonly string[]]>([
    ['policy list', '', [...lists, '--name-filter <value>']],
    ['policy get', ' <policy_id>', everywhere],
    [
      'policy create',
      ' <policy_id>',
      [...change, '--name <value>', '--category <value>', '--seq <n>', '--description <value>'],
    ],
    ['policy update', ' <policy_id>', [...change, '--name <value>', '--seq <n>', '--no-stateful']],
    ['policy delete', ' <policy_id>', destroy],
    ['rule list', ' <policy_id>', lists],
    ['rule stats', ' <policy_id> <rule_id>', everywhere],
    [
      'rule create',
      ' <policy_id> <rule_id>',
      [
        ...change,
        '--sources <a,b>',
        '--destinations <a,b>',
        '--services <a,b>',
        '--action <value>',
      ],
    ],
    ['rule update', ' <policy_id> <rule_id>', [...change, '--logged', '--no-logged', '--disabled']],
    ['rule delete', ' <policy_id> <rule_id>', destroy],
    ['group list', '', [...lists, '--name-filter <value>']],
    ['group get', ' <group_id>', everywhere],
    ['group create', ' <group_id>', [...change, '--name <value>', '--tag-scope <value>']],
    ['group delete', ' <group_id>', destroy],
    ['tag list', ' <vm_display_name>', everywhere],
    ['tag apply', ' <vm_id>', [...change, '--scope <value>', '--value <value>']],
    ['tag remove', ' <vm_id>', [...destroy, '--scope <value>', '--value <value>']],
    [
      'traceflow run',
      ' [src_lport_id]',
      [...change, '--src-ip <value>', '--dst-ip <value>', '--proto <value>', '--dst-port <n>'],
    ],
    ['traceflow get', ' <traceflow_id>', everywhere],
    ['idps profiles', '', lists],
    ['idps status', '', everywhere],
    ['init', '', ['-c, --config <file>', '--force', '--skip-test']],
    ['doctor', '', [...everywhere, '--skip-auth']],
    ['mcp', '', ['-c, --config <file>', '--read-only']],
  ])('%s%s', async (command, args, options) => {
    const { stdout, exit } = await cli([...command.split(' '), '--help'], {});
    expect(exit).toBe(0);
    expect(stdout).toContain(`Usage: vmware-nsx-security ${command} [options]${args}\n`);
    for (const option of options) expect(stdout).toContain(`  ${option} `);
  });

  test('defaults are those of the family, and help says them', async () => {
    const { stdout: create } = await cli(['policy', 'create', '--help'], {});
    expect(create.replaceAll(/\s+/g, ' ')).toContain('(default: Application)');
    expect(create).toMatch(/--seq <n> .*\(default: 10\)/);
    const { stdout: trace } = await cli(['traceflow', 'run', '--help'], {});
    expect(trace).toMatch(/--proto <value> .*\(default: TCP\)/);
    expect(trace).toMatch(/--dst-port <n> .*\(default: 80\)/);
  });
});

suite('tables have the columns of the family', () => {
  test.each([
    [
      'policy list --name-filter shop',
      ['ID', 'DISPLAY NAME', 'CATEGORY', 'SEQUENCE NUMBER', 'STATEFUL', 'RULE COUNT'],
      ['shop', 'shop', 'Application', '10', 'true', '6'],
    ],
    [
      'rule list shop',
      ['ID', 'DISPLAY NAME', 'ACTION', 'DIRECTION', 'DISABLED', 'LOGGED'],
      ['web-in', 'web-in', 'ALLOW', 'IN_OUT', 'false', 'false'],
    ],
    [
      'group list --name-filter web-s*',
      ['ID', 'DISPLAY NAME', 'EXPRESSION COUNT', 'DESCRIPTION'],
      ['web-segment', 'web-segment', '1', ''],
    ],
    [
      'idps profiles',
      ['ID', 'DISPLAY NAME', 'PROFILE SEVERITY', 'OVERRIDDEN SIGNATURE COUNT'],
      ['DefaultIDSProfile', 'DefaultIDSProfile', 'CRITICAL', '0'],
    ],
  ])('%s', async (line, heading, first) => {
    await using nsx = await lab();
    const [head, row] = await table(nsx, line);
    expect(head).toEqual(heading);
    expect(row).toEqual(first);
  });

  test('a list is cut where it is told to be', async () => {
    await using nsx = await lab();
    const rows = await table(nsx, 'policy list --limit 2 --offset 1');
    expect(rows.map(([id]) => id).slice(1, 3)).toEqual(['quarantine', 'shared-services']);
    expect(rows.at(-1)?.[0]).toContain('of 8');
  });
});

suite('what reads one object prints it', () => {
  test.each([
    ['policy get shop', { id: 'shop', category: 'Application', sequence_number: 10 }],
    ['rule stats shop web-in', { rule_id: 'web-in', hit_count: 0 }],
    ['group get web-servers', { id: 'web-servers', member_count: 6, dfw_excluded: false }],
    ['idps status', { enabled: true, clusters_enabled: 1, clusters_total: 2 }],
  ])('%s, as JSON', async (line, object) => {
    await using nsx = await lab();
    expect(await json(nsx, line)).toMatchObject(object);
  });

  test('tag list, as facts', async () => {
    await using nsx = await lab();
    expect(await data(nsx, 'tag list web-01')).toMatch(
      /^vm_id +50000000-.+\ndisplay_name +web-01\n/,
    );
  });
});

test('every output format of one answer', async () => {
  await using nsx = await lab();
  const list = 'policy list --name-filter shop-deny';
  expect(await json(nsx, `${list} -o json`)).toMatchObject({ items: [{ id: 'shop-deny' }] });
  expect(await json(nsx, `${list} --json`)).toMatchObject({ total: 1, truncated: false });
  expect(await data(nsx, `${list} -o yaml`)).toMatch(/^items:\n {2}- id: shop-deny\n/);
  expect(await data(nsx, `${list} -o csv`)).toMatch(
    /^id,display_name,category,.*\nshop-deny,shop-deny,/,
  );
  expect(await data(nsx, `${list} -o name`)).toBe('shop-deny\n');
  expect(await data(nsx, `${list} -o wide`)).toMatch(/^ID .* PATH\n/);
  expect(await data(nsx, `${list} -o jsonl`)).toMatch(/^\{"id":"shop-deny",.*\}\n$/);
  expect(await data(nsx, list, '-o', 'jsonpath={.items[*].path}')).toBe(
    '/infra/domains/default/security-policies/shop-deny\n',
  );
});

test('what -o name prints names the object to the commands that take one', async () => {
  await using nsx = await lab();
  const [rule = ''] = (await data(nsx, 'rule list shop -o name')).split('\n');
  expect(await json(nsx, `rule stats shop ${rule}`)).toMatchObject({ rule_id: rule });
});

const dsl = '/policy/api/v1/infra/domains/default';

/** Every changing command with the requests it sends, in the order in which they depend on each other. */
const story: readonly [line: string, request: RegExp][] = [
  [
    'policy create billing --name Billing --category Environment --seq 7 --description Money',
    new RegExp(
      `^PUT ${dsl}/security-policies/billing .*"category":"Environment","sequence_number":7`,
    ),
  ],
  ['policy update billing --seq 8 --no-stateful', /^PATCH .*"sequence_number":8/],
  [
    'group create payers --name Payers --tag-scope role --tag-value payer',
    new RegExp(`^PUT ${dsl}/groups/payers .*"value":"role\\|payer"`),
  ],
  [
    'rule create billing pay --name Pay --sources payers --destinations 10.9.0.0/24 --services HTTPS --logged',
    new RegExp(`^PUT ${dsl}/security-policies/billing/rules/pay .*"logged":true`),
  ],
  ['rule update billing pay --no-logged --action DROP', /^PUT .*\/rules\/pay .*"logged":false/],
  ['tag apply scratch-01 --scope role --value payer', /^POST .*\?action=add_tags .*"payer"/],
  ['tag remove scratch-01 --scope role --value payer --confirm scratch-01', /action=remove_tags/],
  [
    'rule delete billing pay --confirm Pay',
    new RegExp(`^DELETE ${dsl}/security-policies/billing/rules/pay`),
  ],
  ['group delete payers --confirm Payers', new RegExp(`^DELETE ${dsl}/groups/payers`)],
  [
    'policy delete billing --confirm Billing',
    new RegExp(`^DELETE ${dsl}/security-policies/billing`),
  ],
];

test('every change: --dry-run prints its requests whole and sends none of them, --yes sends exactly them', async () => {
  await using nsx = await lab();
  for (const [line, request] of story) {
    const before = changesAt(nsx.sim).length;
    const shown = await data(nsx, `${line} --dry-run`);
    expect(changesAt(nsx.sim)).toHaveLength(before);
    const requests = shown.slice(shown.indexOf('Requests:\n')).trimEnd().split('\n').slice(1);
    expect(requests.map((text) => text.trim())[0]).toMatch(request);

    expect(await run(nsx, `${line} --yes`)).toMatchObject({ exit: 0 });
    expect(changesAt(nsx.sim).slice(before)).toEqual(requests.map((text) => text.trim()));
  }
  expect(nsx.sim.sessions.open).toBe(0);
});

test('a plan of many thousand characters is printed whole too', async () => {
  await using nsx = await lab();
  const addresses = Array.from({ length: 1_000 }, (_, i) => `10.77.${i >> 8}.${i & 255}`).join(',');
  const line = `group create many --name Many --ip-addresses ${addresses}`;
  const shown = await data(nsx, `${line} --dry-run`);
  expect(shown).toContain('"10.77.3.231"');
  expect(await run(nsx, `${line} --yes`)).toMatchObject({ exit: 0 });
  expect(shown).toContain(changesAt(nsx.sim)[0]);
});

test('a trace starts at a port or at a machine, and is read back by its id', async () => {
  await using nsx = await lab();
  const port = portOf(nsx, 'web-01');
  const line = `traceflow run ${port} --src-ip 10.10.1.11 --dst-ip 10.10.2.11 --proto tcp --dst-port 8443`;
  expect(await data(nsx, `${line} --dry-run`)).toContain('Requests:\n  PUT ');
  expect(changesAt(nsx.sim)).toEqual([]);
  const traced = await json(nsx, `${line} --yes`);
  expect(traced).toMatchObject({ src_ip: '10.10.1.11', protocol: 'TCP', verdict: 'delivered' });
  expect(await json(nsx, 'traceflow run --src-vm web-01 --dst-vm app-01 --yes')).toMatchObject({
    verdict: 'dropped',
    dfw_hits: [{ rule: 'deny-shop' }],
  });
  expect(traced).toMatchObject({ cleaned_up: true });
  expect(await run(nsx, `traceflow get ${String(traced['traceflow_id'])}`)).toMatchObject({
    exit: 3,
  });

  const gone = { method: 'DELETE /policy/api/v1/infra/traceflows/{}' };
  nsx.sim.faults.add({ match: gone, times: Number.POSITIVE_INFINITY, then: { status: 503 } });
  const kept = await json(nsx, `${line} --yes`);
  expect(kept).toMatchObject({ cleaned_up: false });
  expect(await json(nsx, `traceflow get ${String(kept['traceflow_id'])}`)).toMatchObject({
    verdict: 'delivered',
    traceflow_id: kept['traceflow_id'],
  });
});

suite('a person at a terminal', () => {
  const question = 'Do it? [y/N] ';
  const second = 'Type the name to confirm (old-ftp): ';
  const line = ['rule', 'delete', 'shop', 'old-ftp'];

  test('is asked twice before anything is deleted, the second time for its name', async () => {
    await using nsx = await lab();
    const { exit, screen } = await atTerminal(line, nsx.env, [
      [question, 'y'],
      [second, 'old-ftp'],
    ]);
    expect(screen).toContain('Permanently delete the rule old-ftp');
    expect(screen).toContain('This cannot be undone.');
    expect(exit).toBe(0);
    expect(changesAt(nsx.sim)).toEqual([`DELETE ${dsl}/security-policies/shop/rules/old-ftp`]);
    expect(nsx.sim.sessions.open).toBe(0);
  });

  test.each([
    ['the first question with nothing', [[question, '']]],
    ['the first question with no', [[question, 'n']]],
    [
      'the second question with nothing',
      [
        [question, 'y'],
        [second, ''],
      ],
    ],
    [
      'the second question with another name',
      [
        [question, 'y'],
        [second, 'web-in'],
      ],
    ],
    [
      'the second question with y',
      [
        [question, 'y'],
        [second, 'y'],
      ],
    ],
  ] as const)('who answers %s is told that nothing was changed', async (_what, typed) => {
    await using nsx = await lab();
    const { exit, screen } = await atTerminal(line, nsx.env, typed);
    expect(screen).toContain('Not agreed to. Nothing was changed.');
    expect(exit).toBe(5);
    expect(changesAt(nsx.sim)).toEqual([]);
    expect(nsx.sim.sessions.open).toBe(0);
  });

  test.each([
    ['policy delete', ['policy', 'delete', 'isolate-test'], 6],
    ['group delete', ['group', 'delete', 'empty-old'], 0],
    ['tag remove', ['tag', 'remove', 'web-01', '--scope', 'tier', '--value', 'web'], 0],
  ])('%s asks twice too, unless something blocks it', async (_what, words, exit) => {
    await using nsx = await lab();
    const name = words[2] ?? '';
    const typed =
      exit === 0
        ? ([
            [question, 'y'],
            [`Type the name to confirm (${name}): `, name],
          ] as const)
        : [];
    expect(await atTerminal(words, nsx.env, typed)).toMatchObject({ exit });
  });

  test('a change that destroys nothing is asked once', async () => {
    await using nsx = await lab();
    const words = ['group', 'create', 'g', '--name', 'G'];
    expect(await atTerminal(words, nsx.env, [[question, 'yes']])).toMatchObject({ exit: 0 });
    expect(changesAt(nsx.sim)).toHaveLength(1);
  });
});

suite('exit codes', () => {
  test.each<[number, string, string, string?]>([
    [2, 'policy list --nonsense', 'unknown option'],
    [2, 'policy create x', "required option '--name <value>' not specified"],
    [2, 'policy create x --name X --category Wrong', 'Allowed choices'],
    [2, 'rule delete shop old-ftp', '[NEEDS_YES]'],
    [3, 'policy get nope', '[NOT_FOUND]'],
    [3, 'policy list -t nope', '[UNKNOWN_TARGET]'],
    [4, 'policy list', '[AUTH_FAILED]', 'wrong'],
    [6, 'policy delete shop --yes --confirm shop', '[BLOCKED]'],
    [6, 'group create shop --name Shop --yes', '[BLOCKED]'],
  ])('%i: %s', async (exit, line, said, password) => {
    await using nsx = await lab();
    const env = password === undefined ? {} : { VMWARE_NSX_SECURITY_LAB_PASSWORD: password };
    const ran = await cli(line.split(' '), { ...nsx.env, ...env });
    expect(ran).toMatchObject({ exit, stdout: '' });
    expect(ran.stderr).toContain(said);
    expect(changesAt(nsx.sim)).toEqual([]);
    expect(nsx.sim.sessions.open).toBe(0);
  });

  test('5: a rule forbids it', async () => {
    await using nsx = await lab();
    nsx.rules('version: 1\ndefault: { read: permit }\n');
    const ran = await run(nsx, 'group create g --name G --yes');
    expect(ran).toMatchObject({ exit: 5, stdout: '' });
    expect(changesAt(nsx.sim)).toEqual([]);
  });

  test('errors are JSON only when JSON was asked for, also where a command prints JSON by itself', async () => {
    await using nsx = await lab();
    expect((await run(nsx, 'policy get nope')).stderr).toMatch(/^Error: /);
    for (const flag of ['--json', '-o json'])
      expect(JSON.parse((await run(nsx, `policy get nope ${flag}`)).stderr)).toMatchObject({
        error: { code: 'NOT_FOUND', remedy: expect.any(String) },
      });
  });
});
