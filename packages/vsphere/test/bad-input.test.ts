import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { testCertificates } from '@vmware/simulators';
import { beforeAll, expect, test, vi } from 'vitest';
import { vmOf } from './answer.js';
import { bins, built, cli, type Ran, start } from './cli.js';
import { changesAt, lab } from './lab.js';

beforeAll(built);

type OnSim = Awaited<ReturnType<typeof lab>>;

/** Something was wrong: said on stderr with its remedy, nothing on stdout, nothing changed, nobody left logged in. */
function expectTold(vc: OnSim, ran: Ran, exit: number, ...says: (string | RegExp)[]): void {
  expect(ran).toMatchObject({ exit, stdout: '' });
  for (const words of says)
    expect(ran.stderr).toMatch(typeof words === 'string' ? new RegExp(escaped(words)) : words);
  expect(ran.stderr).not.toMatch(/\n\s+at .*:\d+:\d+|node:internal/);
  expect(changesAt(vc.sim)).toEqual([]);
  expect(vc.sim.sessions.open).toBe(0);
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

const configOf = (vc: OnSim): string => join(vc.userHome, '.vmware-vsphere/config.yaml');

/** Replaces config.yaml by one target `lab` with these lines. */
function configure(vc: OnSim, fields: Readonly<Record<string, string | number>>): void {
  const lines = Object.entries({
    name: 'lab',
    host: '127.0.0.1',
    port: vc.sim.port,
    environment: 'lab',
    ...fields,
  });
  writeFileSync(
    configOf(vc),
    `targets:\n  - ${lines.map(([key, value]) => `${key}: ${value}`).join('\n    ')}\n`,
  );
}

/** A port of this machine where nothing listens. */
const deadPort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

test('an unknown target: the known ones and the nearest', async () => {
  await using vc = await lab();
  const ran = await cli(['vm', 'list', '-t', 'labb'], vc.env);
  expectTold(
    vc,
    ran,
    3,
    'no target named labb; known: lab, prod',
    'Use the target lab.',
    '[UNKNOWN_TARGET]',
  );
});

test('no target at all: the command that makes one', async () => {
  await using vc = await lab();
  const ran = await cli(['vm', 'list'], { HOME: join(vc.userHome, 'elsewhere') });
  expectTold(vc, ran, 2, 'No target is configured', 'vmware-vsphere init', '[NO_TARGETS]');
});

test('a target that cannot be reached: where, why, and what to check', async () => {
  await using vc = await lab();
  const port = await deadPort();
  configure(vc, { port });
  const ran = await cli(['vm', 'list'], vc.env);
  expectTold(
    vc,
    ran,
    8,
    `127.0.0.1:${port} cannot be reached: nothing listens there`,
    'Check host: and port:',
    '[UNREACHABLE]',
  );
});

test('a wrong password is tried once, however often the command is run, and doctor --reset-login allows another try', async () => {
  await using vc = await lab();
  const wrong = { ...vc.env, VMWARE_LAB_PASSWORD: 'wrong' };
  const { username } = vc.sim.credentials;
  const first = await cli(['vm', 'list'], wrong);
  expectTold(
    vc,
    first,
    4,
    `refused the login of ${username}`,
    'doctor --reset-login lab',
    '[AUTH_FAILED]',
  );
  for (let again = 0; again < 2; again += 1) {
    const ran = await cli(['vm', 'list'], wrong);
    expectTold(
      vc,
      ran,
      4,
      /No login to lab for another \d+ s/,
      'doctor --reset-login lab',
      '[LOGIN_PAUSED]',
    );
  }
  expect(vc.sim.sessions).toMatchObject({ failedLogins: 1, logins: 0 });
  expect(vc.sim.sessions.locked(username)).toBe(false);
  const reset = await cli(['doctor', '--reset-login', 'lab', '-t', 'lab'], vc.env);
  expect(reset).toMatchObject({ exit: 0, stdout: expect.stringMatching(/ok +lab: login/) });
  expect(await cli(['vm', 'list'], vc.env)).toMatchObject({ exit: 0 });
});

test('no password: every place where it was looked for', async () => {
  await using vc = await lab();
  const ran = await cli(['vm', 'list'], { HOME: vc.userHome });
  expectTold(
    vc,
    ran,
    4,
    'No password for the target lab',
    'VMWARE_VSPHERE_LAB_PASSWORD',
    'chmod 600',
    '[NO_PASSWORD]',
  );
  expect(vc.sim.sessions.failedLogins).toBe(0);
});

test('a certificate that nobody vouches for: its thumbprint, before the password is sent', async () => {
  await using vc = await lab();
  configure(vc, {});
  const ran = await cli(['vm', 'list'], vc.env);
  expectTold(
    vc,
    ran,
    8,
    'is not trusted',
    vc.sim.thumbprint,
    'vmware-vsphere init',
    '[TLS_UNTRUSTED]',
  );
  expect(vc.sim.requests).toEqual([]);
});

test('a certificate of another host: whose it is', async () => {
  await using vc = await lab({ certificate: testCertificates.elsewhere });
  writeFileSync(join(vc.userHome, 'ca.pem'), vc.sim.ca);
  configure(vc, { ca_file: join(vc.userHome, 'ca.pem') });
  const ran = await cli(['vm', 'list'], vc.env);
  expectTold(
    vc,
    ran,
    8,
    'not made out to 127.0.0.1',
    'vcenter.elsewhere.test',
    'vmware-vsphere init',
    '[TLS_HOSTNAME]',
  );
  expect(vc.sim.requests).toEqual([]);
});

test('a certificate that is not the pinned one: what to do when it was renewed', async () => {
  await using vc = await lab();
  configure(vc, { thumbprint: `'${vc.sim.thumbprint.replace(/^../, 'FF')}'` });
  const ran = await cli(['vm', 'list'], vc.env);
  expectTold(
    vc,
    ran,
    8,
    'does not have the certificate that is pinned',
    'vmware-vsphere init',
    '[TLS_UNTRUSTED]',
  );
  expect(vc.sim.requests).toEqual([]);
});

test('an unknown VM: near names', async () => {
  await using vc = await lab();
  const ran = await cli(['vm', 'power-off', 'ap-01', '--yes', '--confirm', 'ap-01'], vc.env);
  expectTold(vc, ran, 3, 'no virtual machine ap-01', 'app-01', '[NOT_FOUND]');
});

test('a name that two VMs have: path and id of both', async () => {
  await using vc = await lab();
  const ran = await cli(['vm', 'power-off', 'db-01', '--yes', '--confirm', 'db-01'], vc.env);
  const ids = vc.sim.inventory
    .all('vm')
    .filter(({ name }) => name === 'db-01')
    .map(({ id }) => id);
  expectTold(
    vc,
    ran,
    6,
    `/Lab/vm/prod/data/db-01  ${ids[0]}`,
    `/Lab/vm/test/data/db-01  ${ids[1]}`,
    'Use the path or the id of the one you mean.',
    '[AMBIGUOUS]',
  );
});

test('a wrong power state: which, and what comes first', async () => {
  await using vc = await lab();
  const ran = await cli(
    ['vm', 'shutdown', 'build-cache', '--yes', '--confirm', 'build-cache'],
    vc.env,
  );
  expectTold(vc, ran, 6, 'build-cache is suspended; power it on first.', '[BLOCKED]');
});

test("a task that fails: vCenter's reason, and the VM is as it was", async () => {
  await using vc = await lab();
  vc.sim.faults.add({
    match: { method: 'PowerOnVM_Task' },
    then: { taskError: 'InsufficientResourcesFault' },
  });
  const ran = await cli(['vm', 'power-on', 'ci-runner-01', '--yes'], vc.env);
  expect(ran).toMatchObject({ exit: 1, stdout: '' });
  expect(ran.stderr).toContain('The available resources in the cluster are insufficient.');
  expect(ran.stderr).toContain(
    'Free resources on the host or cluster, or ask for less. [INSUFFICIENT_RESOURCES]',
  );
  expect(vmOf(vc.sim, 'ci-runner-01').power).toBe('poweredOff');
  expect(vc.sim.sessions.open).toBe(0);
});

test('a task that never ends: at the deadline the outcome is unknown', async () => {
  await using vc = await lab();
  vc.sim.faults.add({ match: { method: 'PowerOnVM_Task' }, then: 'taskHangs' });
  // Its own clock runs a hundred times as fast, so that five minutes pass in three seconds.
  const clock = join(vc.userHome, 'clock.cjs');
  writeFileSync(
    clock,
    'const set = setTimeout;\nglobalThis.setTimeout = (work, ms, ...rest) => set(work, ms >= 60_000 ? ms / 100 : ms, ...rest);\n',
  );
  const { ended } = start(
    process.execPath,
    ['-r', clock, bins.cli, 'vm', 'power-on', 'ci-runner-01', '--yes'],
    vc.env,
  );
  const ran = await ended;
  expect(ran).toMatchObject({ exit: 7, stdout: '' });
  expect(ran.stderr).toContain('its outcome is not known');
  expect(ran.stderr).toMatch(/vmware-audit show [0-9a-f-]{36}/);
  expect(changesAt(vc.sim)).toHaveLength(1);
  expect(vc.sim.sessions.open).toBe(0);
  expect(vc.audit().at(-1)).toMatchObject({ tool: 'power_on', status: 'unknown' });
});

test('a connection that closes during a read: it is read again', async () => {
  await using vc = await lab();
  vc.sim.faults.add({ match: { method: 'RetrievePropertiesEx' }, then: { drop: 'before-acting' } });
  const ran = await cli(['vm', 'list', '-o', 'name'], vc.env);
  expect(ran).toMatchObject({ exit: 0, stderr: '' });
  expect(ran.stdout.trimEnd().split('\n')).toHaveLength(24);
});

test('a connection that closes at every read: said, after three tries', async () => {
  await using vc = await lab();
  vc.sim.faults.add({
    match: { method: 'RetrievePropertiesEx' },
    times: Infinity,
    then: { drop: 'after-acting' },
  });
  const ran = await cli(['vm', 'list'], vc.env);
  expectTold(vc, ran, 8, '127.0.0.1 closed the connection', 'Try again.', '[CONNECTION_LOST]');
  expect(vc.sim.requests.filter(({ method }) => method === 'RetrievePropertiesEx')).toHaveLength(3);
});

test.each(['before-acting', 'after-acting'] as const)(
  'a connection that closes %s on a change: its outcome is unknown, and it is sent once',
  async (drop) => {
    await using vc = await lab();
    vc.sim.faults.add({ match: { method: 'PowerOnVM_Task' }, then: { drop } });
    const ran = await cli(['vm', 'power-on', 'ci-runner-01', '--yes'], vc.env);
    expect(ran).toMatchObject({ exit: 7, stdout: '' });
    expect(ran.stderr).toContain('may have happened');
    expect(ran.stderr).toMatch(
      /Run `vmware-vsphere vm info vm-\d+ -t lab` to see whether it happened before repeating it; `vmware-audit show .*\[UNKNOWN_OUTCOME\]/,
    );
    expect(changesAt(vc.sim)).toHaveLength(1);
  },
);

test.each([
  ['a tab', 'targets:\n\t- name: lab\n', /config\.yaml:2:\d+: /],
  [
    'a misspelt key',
    'targets:\n  - name: lab\n    hots: h\n',
    /config\.yaml:3:5: unknown key hots; did you mean host\?/,
  ],
  [
    'a port that is no number',
    'targets:\n  - {name: lab, host: h, port: https}\n',
    /config\.yaml:2:\d+: targets\.0\.port/,
  ],
  [
    'a password',
    'targets:\n  - {name: lab, host: h, password: x}\n',
    /config\.yaml:2:\d+: password does not belong in this file/,
  ],
])('a config.yaml with %s: file, line and column', async (_what, text, says) => {
  await using vc = await lab();
  writeFileSync(configOf(vc), text);
  const ran = await cli(['vm', 'list'], vc.env);
  expectTold(vc, ran, 2, says, /config\.yaml|\.env/, '[CONFIG_INVALID]');
});

test('a .env that others can read: not used, and the chmod that mends it', async () => {
  await using vc = await lab();
  const file = join(vc.userHome, '.vmware-vsphere/.env');
  writeFileSync(file, `VMWARE_LAB_PASSWORD=${vc.sim.credentials.password}\n`);
  chmodSync(file, 0o644);
  const ran = await cli(['vm', 'list'], { HOME: vc.userHome });
  expectTold(
    vc,
    ran,
    4,
    `${file} can be read or written by others (mode 644)`,
    `chmod 600 ${file}`,
    '[ENV_FILE_EXPOSED]',
  );
  expect(vc.sim.requests.filter(({ method }) => method === 'Login')).toEqual([]);
  chmodSync(file, 0o600);
  expect(await cli(['vm', 'list'], { HOME: vc.userHome })).toMatchObject({ exit: 0, stderr: '' });
});

test.each([
  [
    'an unknown option',
    ['vm', 'list', '--filtre', 'web-*'],
    /unknown option '--filtre'\n\(Did you mean --filter\?\)/,
  ],
  ['an unknown verb', ['vm', 'lst'], /unknown command 'lst'\n\(Did you mean list\?\)/],
  [
    'an unknown noun',
    ['snapshoot', 'list', 'web-01'],
    /unknown command 'snapshoot'\n\(Did you mean snapshot\?\)/,
  ],
  ['a missing name', ['vm', 'power-off'], /missing required argument 'name'/],
  ['one word too many', ['vm', 'power-off', 'web-01', 'web-02'], /too many arguments/],
  [
    'a number that is none',
    ['vm', 'list', '--limit', 'ten'],
    /'ten' is invalid.* It is not a number\./,
  ],
  [
    'a fraction for a count',
    ['vm', 'list', '--limit', '1.5'],
    /limit: .*int.*See `vmware-vsphere vm list --help`/is,
  ],
  [
    'a state that is none',
    ['vm', 'list', '--power-state', 'on'],
    /Allowed choices are poweredOn, poweredOff, suspended/,
  ],
  ['a field that is none', ['vm', 'list', '--fields', 'name,nmae'], /"nmae" is none of name, id/],
  [
    'a format that is none',
    ['vm', 'list', '-o', 'xml'],
    /argument 'xml' is invalid.*table, wide, json/s,
  ],
])('%s: said as a mistake of the command line', async (_what, args, says) => {
  await using vc = await lab();
  expectTold(vc, await cli(args, vc.env), 2, says);
});

test.each([
  ['nothing', []],
  ['--yes alone', ['--yes']],
  ['--confirm of another name', ['--yes', '--confirm', 'web-02']],
])(
  '%s where something would be destroyed: the plan, the flags that are missing, and no change',
  async (_what, flags) => {
    await using vc = await lab();
    const ran = await cli(['vm', 'delete', 'web-01', ...flags], vc.env);
    expectTold(
      vc,
      ran,
      2,
      'delete web-01 from the inventory',
      'This cannot be undone.',
      'Add --yes --confirm web-01',
      '[NEEDS_YES]',
    );
  },
);

test('--yes --confirm with the right name does it', async () => {
  await using vc = await lab();
  const ran = await cli(
    ['vm', 'delete', 'web-01', '--yes', '--confirm', 'web-01', '--json'],
    vc.env,
  );
  expect(ran.exit).toBe(0);
  expect(JSON.parse(ran.stdout)).toMatchObject({
    name: 'web-01',
    state: 'deleted',
    powered_off: true,
  });
  expect(vc.sim.inventory.find('vm', 'web-01')).toBeUndefined();
});

test('a reader that leaves early: the program ends with it, and says nothing', async () => {
  await using vc = await lab({ seed: { vms: 4000 } });
  const line = `set -o pipefail; '${process.execPath}' '${bins.cli}' vm list | head -n 2`;
  const ran = await start('bash', ['-c', line], vc.env).ended;
  expect(ran).toMatchObject({ exit: 0, stderr: '' });
  expect(ran.stdout).toMatch(/^NAME .*\nvm-00001 .*\n$/);
  expect(vc.sim.sessions.open).toBe(0);
});

test('Ctrl-C during a read: ends with 130 and logs out', async () => {
  await using vc = await lab();
  vc.sim.faults.add({ match: { method: 'RetrievePropertiesEx' }, then: 'hang' });
  const running = start(process.execPath, [bins.cli, 'vm', 'list'], vc.env);
  await vi.waitFor(
    () => expect(vc.sim.requests.at(-1)?.method).toBe('RetrievePropertiesEx'),
    10_000,
  );
  running.kill('SIGINT');
  expectTold(vc, await running.ended, 130, /cancelled/i, '[CANCELLED]');
  expect(vc.sim.sessions).toMatchObject({ logins: 1, logouts: 1 });
});

test('Ctrl-C while a task runs: its outcome is unknown, and the record says so', async () => {
  await using vc = await lab();
  vc.sim.faults.add({ match: { method: 'PowerOnVM_Task' }, then: 'taskHangs' });
  const running = start(
    process.execPath,
    [bins.cli, 'vm', 'power-on', 'ci-runner-01', '--yes'],
    vc.env,
  );
  await vi.waitFor(() => expect(vc.sim.requests.at(-1)?.method).toBe('WaitForUpdatesEx'), 10_000);
  running.kill('SIGINT');
  const ran = await running.ended;
  expect(ran).toMatchObject({
    exit: 7,
    stdout: '',
    stderr: expect.stringContaining('[UNKNOWN_OUTCOME]'),
  });
  expect(vc.sim.sessions.open).toBe(0);
  expect(vc.audit().at(-1)).toMatchObject({ status: 'unknown' });
});

test('what is said with -o json is JSON too, on stderr', async () => {
  await using vc = await lab();
  const ran = await cli(['vm', 'info', 'db-01', '--json'], vc.env);
  expectTold(vc, ran, 6, 'AMBIGUOUS');
  expect(JSON.parse(ran.stderr)).toMatchObject({
    error: { code: 'AMBIGUOUS', remedy: expect.any(String), details: { candidates: [{}, {}] } },
  });
});

test('nothing that went wrong leaves a password behind', async () => {
  await using vc = await lab();
  const secret = 'hunter2-hunter2';
  const ran = await cli(['vm', 'list'], { ...vc.env, VMWARE_LAB_PASSWORD: secret });
  expect(ran.stderr).not.toContain(secret);
  expect(JSON.stringify(vc.audit())).not.toContain(secret);
  const config = join(vc.userHome, '.vmware-vsphere');
  const files = readdirSync(config).sort();
  expect(files).toEqual(['.config.cache.json', '.login-lab.json', 'config.yaml']);
  for (const file of files) expect(readFileSync(join(config, file), 'utf8')).not.toContain(secret);
});
