import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { bins, built, cli } from './cli.js';
import { atShell, isInstalled, type ShellName, tab } from './cli-shell.js';
import { changesAt, type Lab, lab } from './lab.js';

beforeAll(built, 120_000);

/** A name that every shell has to quote. */
const odd = "it's $HOME: new";

/** A lab with a machine of that name. */
async function here() {
  const vc = await lab();
  const vm = vc.sim.inventory.find('vm', 'appliance-01');
  if (!vm) throw new Error('The lab has no appliance-01.');
  vc.sim.inventory.rename(vm, odd);
  return vc;
}

/** Each line as it is typed, and the words with which the program is then called. */
const lines: readonly [typed: string, words: readonly string[]][] = [
  [`sna${tab}li${tab}db${tab}1`, ['snapshot', 'list', 'db-01']],
  [`vm inf${tab}`, ['vm', 'info']],
  [`vm info ci-r${tab}1`, ['vm', 'info', 'ci-runner-01']],
  [`vm info it${tab}`, ['vm', 'info', odd]],
  [`vm info "it${tab}`, ['vm', 'info', odd]],
  [`vm info web-01 -t pr${tab}`, ['vm', 'info', 'web-01', '-t', 'prod']],
  [`vm list --power-state=poweredOf${tab}`, ['vm', 'list', '--power-state=poweredOff']],
  [`vm list --fields name,inst${tab}`, ['vm', 'list', '--fields', 'name,instance_uuid']],
  [`vm list --config a-f${tab}`, ['vm', 'list', '--config', 'a-file.yaml']],
  [`vm list -o js${tab}l`, ['vm', 'list', '-o', 'jsonl']],
  [`context use la${tab}`, ['context', 'use', 'lab']],
  [`explain vm de${tab}`, ['explain', 'vm', 'delete']],
];

const shells: readonly ShellName[] = ['bash', 'zsh', 'fish'];

test.for(shells)(
  '%s completes what is typed at it: commands, flags, values, names and files',
  {
    timeout: 120_000,
  },
  async (shell, { skip }) => {
    skip(!isInstalled(shell), `${shell} is not installed.`);
    await using vc = await here();
    const at = join(vc.userHome, 'somewhere');
    mkdirSync(at);
    writeFileSync(join(at, 'a-file.yaml'), '');
    const called = await atShell(
      shell,
      { name: 'vmware-vsphere', bin: bins.cli, env: vc.env, cwd: at },
      lines.map(([typed]) => `vmware-vsphere ${typed}`),
    );
    expect(called).toEqual(lines.map(([, words]) => words));
  },
);

const complete = (vc: Lab, ...words: string[]) => cli(['__complete', '--', ...words], vc.env);

test('a target that does not answer, or refuses the login, is silence', async () => {
  await using vc = await lab();
  vc.sim.faults.add({
    match: { method: 'RetrievePropertiesEx' },
    times: Number.POSITIVE_INFINITY,
    then: 'hang',
  });
  expect(await complete(vc, 'vm', 'info', '')).toEqual({ exit: 0, stdout: 'words\n', stderr: '' });
  const env = { ...vc.env, VMWARE_LAB_PASSWORD: 'wrong' };
  expect(await cli(['__complete', '--', 'vm', 'info', ''], env)).toEqual({
    exit: 0,
    stdout: 'words\n',
    stderr: '',
  });
});

test('completing names logs out again and changes nothing', async () => {
  await using vc = await lab();
  expect((await complete(vc, 'vm', 'delete', 'web-01')).stdout).toBe('words\nweb-01\tpoweredOn\n');
  expect((await complete(vc, 'snapshot', 'revert', 'scratch-01', '')).stdout).toMatch(
    /^words\nclean/,
  );
  expect(changesAt(vc.sim)).toEqual([]);
  expect(vc.sim.sessions.open).toBe(0);
  expect(vc.audit().filter(({ phase }) => phase === 'read')).toMatchObject([
    { tool: 'list_vms', agent: 'completion' },
    { tool: 'list_snapshots', agent: 'completion' },
  ]);
});

test.each([
  ['a flag that does not exist', ['vm', 'list', '--nonsense', '']],
  ['a command that does not exist', ['vn', '']],
  ['no words at all', []],
  ['a configuration that is not there', ['vm', 'info', '--config', '/nowhere.yaml', '']],
])('%s is no error', async (_what, words) => {
  await using vc = await lab();
  expect(await complete(vc, ...words)).toMatchObject({ exit: 0, stderr: '' });
});
