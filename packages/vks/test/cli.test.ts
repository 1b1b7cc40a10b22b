import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseKubeconfig } from '@vmware/clients/kube';
import { beforeAll, expect, describe as suite, test } from 'vitest';
import { atTerminal } from './at-terminal.js';
import { built, cli, type Ran } from './cli.js';
import { changesAt, type Lab, lab } from './lab.js';

beforeAll(built, 120_000);

const run = (at: Lab, line: string, ...more: string[]): Promise<Ran> =>
  cli([...line.split(' '), ...more], at.env);

async function data(at: Lab, line: string): Promise<string> {
  const ran = await run(at, line);
  expect(ran, line).toMatchObject({ exit: 0 });
  return ran.stdout;
}

const everywhere = ['-t, --target <name>', '-c, --config <file>', '--json'];
const change = [...everywhere, '--dry-run', '-y, --yes'];
const destroy = [...change, '--confirm <name>'];
const inNamespace = '-n, --namespace <value>';

suite('commands of the family, with their arguments and options', () => {
  test.each<[string, string, readonly string[]]>([
    ['supervisor status', ' [cluster_id]', everywhere],
    ['supervisor storage-policies', '', everywhere],
    ['supervisor check', '', everywhere],
    ['namespace list', '', everywhere],
    ['namespace get', ' <name>', everywhere],
    [
      'namespace create',
      ' <name>',
      [
        ...change,
        '--cluster <value>',
        '--storage-policy <value>',
        '--cpu <n>',
        '--memory <n>',
        '--description <value>',
      ],
    ],
    [
      'namespace update',
      ' <name>',
      [...change, '--cpu <n>', '--memory <n>', '--storage-policy <value>'],
    ],
    ['namespace delete', ' <name>', [...destroy, '--force']],
    ['namespace vm-classes', '', everywhere],
    ['tkc list', '', [...everywhere, inNamespace]],
    ['tkc get', ' <name>', [...everywhere, inNamespace]],
    ['tkc versions', '', [...everywhere, inNamespace]],
    [
      'tkc create',
      ' <name>',
      [
        ...change,
        inNamespace,
        '--version <value>',
        '--vm-class <value>',
        '--control-plane <n>',
        '--workers <n>',
        '--storage-class <value>',
      ],
    ],
    ['tkc scale', ' <name>', [...destroy, inNamespace, '--workers <n>', '--pool <value>']],
    ['tkc upgrade', ' <name>', [...change, inNamespace, '--version <value>']],
    ['tkc delete', ' <name>', [...destroy, inNamespace, '--force']],
    ['kubeconfig supervisor', '', [...change, inNamespace, '--file <value>']],
    ['kubeconfig get', ' <name>', [...change, inNamespace, '--file <value>']],
    ['harbor', '', everywhere],
    ['storage', '', [...everywhere, inNamespace]],
    ['vm snapshots', '', [...everywhere, inNamespace]],
    ['vm groups', '', [...everywhere, inNamespace]],
    ['vm nics', ' <vm_name>', [...everywhere, inNamespace]],
    ['init', '', ['-c, --config <file>', '--force', '--skip-test']],
    ['preflight-auth', '', everywhere],
    ['mcp', '', ['-c, --config <file>', '--read-only']],
  ])('%s%s', async (command, args, options) => {
    const { stdout, exit } = await cli([...command.split(' '), '--help'], {});
    expect(exit).toBe(0);
    expect(stdout).toContain(`Usage: vmware-vks ${command} [options]${args}\n`);
    for (const option of options) expect(stdout).toContain(`  ${option} `);
  });
});

/** Every changing command with the requests it sends, in the order in which they depend on each other. */
const story: readonly [line: string, request: RegExp][] = [
  [
    'namespace create team-a --cluster domain-c8 --storage-policy gold --memory 65536 --vm-classes best-effort-medium --editors group:developers@corp.local',
    /^POST \/api\/vcenter\/namespaces\/instances\/v2 .*"memory_limit":65536/,
  ],
  ['namespace update team-a --cpu 9000', /^PATCH .*"cpu_limit":9000/],
  ['namespace grant team-a developer@vsphere.local --role VIEW', /^POST .*\/access\/.*"VIEW"/],
  ['namespace revoke team-a developer@vsphere.local --confirm team-a', /^DELETE .*\/access\//],
  [
    'tkc create new -n dev --version v1.31 --vm-class best-effort-small --storage-class gold --workers 1',
    /^POST \/apis\/cluster\.x-k8s\.io\/v1beta2\/namespaces\/dev\/clusters/,
  ],
  ['tkc scale new -n dev --workers 2', /^PATCH .*"replicas":2/],
  ['pool add web more -n dev --min 0 --max 2', /^PATCH .*"more"/],
  ['pool remove web more -n dev --confirm more', /^PATCH /],
  ['tkc delete new -n dev --confirm new', /^DELETE .*\/clusters\/new/],
  [
    'namespace delete team-a --confirm team-a',
    /^DELETE \/api\/vcenter\/namespaces\/instances\/team-a/,
  ],
];

test('every change: --dry-run prints its requests whole and sends none of them, --yes sends exactly them', async () => {
  await using at = await lab();
  const sent: string[] = [];
  for (const [line, request] of story) {
    const before = changesAt(at.sim).length;
    const shown = await data(at, `${line} --dry-run`);
    expect(changesAt(at.sim)).toHaveLength(before);
    const requests = shown.slice(shown.indexOf('Requests:\n')).trimEnd().split('\n').slice(1);
    expect(requests.map((text) => text.trim())[0], line).toMatch(request);
    const ran = await run(at, `${line} --yes`);
    expect(ran, `${line}: ${ran.stderr}`).toMatchObject({ exit: 0 });
    sent.push(...requests.map((text) => text.trim()));
    // A namespace has to be configured, and a cluster made, before the next command.
    await at.advance(600_000);
  }
  expect([...changesAt(at.sim)].sort()).toEqual([...sent].sort());
  expect(at.sim.vcenter.sessions.open).toBe(0);
}, 60_000);

test('a kubeconfig on stdout is the file byte for byte, whatever is at the other end', async () => {
  await using at = await lab();
  const piped = await data(at, 'kubeconfig get web -n dev --yes');
  const path = join(at.userHome, 'k');
  await data(at, `kubeconfig get web -n dev --yes --file ${path}`);
  const file = readFileSync(path, 'utf8');
  const lines = (text: string) =>
    text.split('\n').map((line) => line.replace(/token: .*/, 'token'));
  expect(lines(piped)).toEqual(lines(file));
  expect(await parseKubeconfig(piped)).toMatchObject({ token: expect.stringMatching(/^ey/) });
  expect(piped.split('\n').some((line) => line.length > 500)).toBe(true);
});

test('what is not there, not allowed, blocked or wrong has the exit code of its kind', async () => {
  await using at = await lab();
  for (const [line, exit] of [
    ['tkc get nobody -n dev', 3],
    ['namespace get nobody', 3],
    ['tkc scale web -n dev --workers 1', 2],
    ['tkc create x -n dev', 2],
    ['tkc delete shop -n prod --yes --confirm shop', 6],
    ['tkc get WEB -n dev', 2],
    ['tkc get web', 2],
  ] as const)
    expect(await run(at, line), line).toMatchObject({ exit, stdout: '' });
  at.rules('deny:\n  - { name: freeze, operations: ["list_*"], reason: not now }\n');
  expect(await run(at, 'namespace list')).toMatchObject({ exit: 5 });
});

suite('a person at a terminal', () => {
  test('is asked twice before machines are deleted, the second time for the name', async () => {
    await using at = await lab();
    const { exit, screen } = await atTerminal(
      ['tkc', 'scale', 'web', '-n', 'dev', '--pool', 'workers', '--workers', '1'],
      at.env,
      [
        ['Do it? [y/N] ', 'y'],
        ['Type the name to confirm (web): ', 'web'],
      ],
    );
    expect(screen).toContain('drain and delete 1 machine');
    expect(exit).toBe(0);
    expect(changesAt(at.sim)).toHaveLength(1);
  });

  test('can force what is refused otherwise, after reading what is lost', async () => {
    await using at = await lab();
    const { exit, screen } = await atTerminal(
      ['tkc', 'delete', 'shop', '-n', 'prod', '--force'],
      at.env,
      [
        ['Do it? [y/N] ', 'y'],
        ['Type the name to confirm (shop): ', 'shop'],
      ],
    );
    expect(screen).toContain('lose the StatefulSet shop/orders-db (3 ready)');
    expect(exit).toBe(0);
    expect(changesAt(at.sim)).toHaveLength(1);
  });

  test('a script cannot', async () => {
    await using at = await lab();
    expect(await run(at, 'tkc delete shop -n prod --force --yes --confirm shop')).toMatchObject({
      exit: 5,
    });
    expect(changesAt(at.sim)).toEqual([]);
  });
});
