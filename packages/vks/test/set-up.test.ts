import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulateVks, type VksSimulation } from '@vmware/simulators';
import { beforeAll, expect, test } from 'vitest';
import { atTerminal, type Typed } from './at-terminal.js';
import { built, cli, type Ran } from './cli.js';

beforeAll(built, 120_000);

/** An empty HOME. */
function emptyHome() {
  const home = mkdtempSync(join(tmpdir(), 'vks-home-'));
  const directory = join(home, '.vmware-vks');
  return {
    home,
    env: { HOME: home },
    config: join(directory, 'config.yaml'),
    dotEnv: join(directory, '.env'),
    run: (line: string, env: Record<string, string> = {}): Promise<Ran> =>
      cli(line.split(' '), { HOME: home, ...env }),
    configure({ vcenter: { host, port, thumbprint, credentials } }: VksSimulation, extra = '') {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeFileSync(
        join(directory, 'config.yaml'),
        `targets:\n  - {name: lab, host: ${host}, port: ${port}, username: '${credentials.username}', thumbprint: '${thumbprint}'${extra}}\n`,
      );
      return { VMWARE_VKS_LAB_PASSWORD: credentials.password };
    },
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}

test('from nothing: init at a terminal, and the next command works', async () => {
  await using sim = await simulateVks();
  using at = emptyHome();
  const { host, port, thumbprint, credentials } = sim.vcenter;
  const typed: Typed[] = [
    ['vCenter Server: ', host],
    ['Name for this target [prod-vcenter]: ', ''],
    ['Port [443]: ', String(port)],
    ['User [administrator@vsphere.local]: ', ''],
    ['Environment (rules match it: prod, staging, lab) [prod]: ', 'lab'],
    ['Trust exactly this certificate from now on? [y/N] ', 'y'],
    ['Password of administrator@vsphere.local: ', credentials.password],
  ];
  const { exit, screen } = await atTerminal(['init'], at.env, typed);
  expect(screen).toContain(`SHA-256  ${thumbprint}`);
  expect(screen).toContain('prod-vcenter: login: administrator@vsphere.local on vCenter 8.0.3');
  expect(exit).toBe(0);
  expect(screen).not.toContain(credentials.password);
  for (const file of [at.config, at.dotEnv]) expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(at.config, 'utf8')).not.toContain(credentials.password);
  expect(await at.run('tkc get web -n dev')).toMatchObject({ exit: 0 });
});

test.each(['doctor', 'check'])(
  '%s: 0 when all is well, 1 when not, each failure with its remedy',
  async (command) => {
    await using sim = await simulateVks();
    using at = emptyHome();
    expect(await at.run(command)).toMatchObject({
      exit: 1,
      stdout: expect.stringContaining('vmware-vks init'),
    });
    const secret = at.configure(sim);
    const well = await at.run(command, secret);
    expect(well).toMatchObject({ exit: 0 });
    expect(well.stdout).toMatch(
      /^ok +lab: Supervisors +supervisor-a RUNNING, supervisor-b RUNNING$/m,
    );
    const skipped = await at.run(`${command} --skip-auth`, secret);
    expect(skipped).toMatchObject({ exit: 0 });
    expect(skipped.stdout).not.toContain('lab: login');
    expect(await at.run(command)).toMatchObject({
      exit: 1,
      stdout: expect.stringContaining('VMWARE_VKS_LAB_PASSWORD'),
    });
  },
);

test('doctor fails without a Supervisor, and on a vCenter that is too old', async () => {
  await using off = await simulateVks({ supervisors: 0, namespaces: [] });
  using one = emptyHome();
  expect(await one.run('doctor', one.configure(off))).toMatchObject({
    exit: 1,
    stdout: expect.stringContaining('Workload Management is off'),
  });
  await using old = await simulateVks({ version: '7.0.3' });
  using two = emptyHome();
  expect(await two.run('doctor', two.configure(old))).toMatchObject({
    exit: 1,
    stdout: expect.stringContaining('7.0.3; 8.0.0 or newer is needed'),
  });
});

test('preflight-auth passes when every login works, and fails on anything but success', async () => {
  await using sim = await simulateVks();
  using at = emptyHome();
  const secret = at.configure(sim);
  expect(await at.run('preflight-auth', secret)).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining('logged in to supervisor-a, supervisor-b'),
  });
  for (const status of [500, 403, 401, 302, 404]) {
    sim.kubeFaults.clear();
    sim.kubeFaults.add({
      match: { method: 'GET /apis' },
      times: Number.POSITIVE_INFINITY,
      then: { status },
    });
    const ran = await at.run('preflight-auth --json', secret);
    expect(ran, String(status)).toMatchObject({ exit: 1 });
    await at.run('doctor --reset-login lab', secret);
  }
  sim.kubeFaults.clear();
  sim.kubeFaults.add({
    match: { method: 'POST /wcp/login' },
    times: Number.POSITIVE_INFINITY,
    then: { status: 401 },
  });
  const refused = await at.run('preflight-auth', secret);
  expect(refused).toMatchObject({ exit: 1 });
  expect(refused.stdout).toMatch(/^ok +lab: vCenter/m);
  expect(refused.stdout).toMatch(
    /^fail +lab: Supervisors +The login of .* to the Supervisor supervisor-a/m,
  );
});

test('preflight-auth with a wrong password says that the vCenter refused it, and tries no further', async () => {
  await using sim = await simulateVks();
  using at = emptyHome();
  at.configure(sim);
  const ran = await at.run('preflight-auth', { VMWARE_VKS_LAB_PASSWORD: 'wrong' });
  expect(ran).toMatchObject({ exit: 1 });
  expect(ran.stdout).toMatch(/^fail +lab: vCenter/m);
  expect(sim.vcenter.sessions.failedLogins).toBe(1);
  expect(sim.logins()).toBe(0);
});

test('supervisor_login and supervisor_port in config.yaml are heeded', async () => {
  await using sim = await simulateVks({ supervisors: 1, namespaces: [], loginOnSupervisor: false });
  using at = emptyHome();
  const secret = at.configure(sim, ', supervisor_login: vcenter');
  expect(await at.run('preflight-auth', secret)).toMatchObject({ exit: 0 });
  expect(sim.kubeRequests.some(({ method }) => method === 'POST /wcp/login')).toBe(false);
});
