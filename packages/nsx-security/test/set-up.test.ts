import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NsxSimulation, simulateNsx } from '@vmware/simulators';
import { beforeAll, expect, test } from 'vitest';
import { atTerminal, interrupt, type Typed } from './at-terminal.js';
import { built, cli, type Ran } from './cli.js';

beforeAll(built, 120_000);

/** An empty HOME. */
function emptyHome() {
  const home = mkdtempSync(join(tmpdir(), 'nsx-home-'));
  const directory = join(home, '.vmware-nsx-security');
  return {
    home,
    env: { HOME: home },
    config: join(directory, 'config.yaml'),
    dotEnv: join(directory, '.env'),
    run: (line: string, env: Record<string, string> = {}): Promise<Ran> =>
      cli(line.split(' '), { HOME: home, ...env }),
    /** Writes config.yaml with one target `lab`. */
    configure({ host, port, thumbprint }: NsxSimulation, extra = '') {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeFileSync(
        join(directory, 'config.yaml'),
        `targets:\n  lab: {host: ${host}, port: ${port}, thumbprint: '${thumbprint}'${extra}}\n`,
      );
    },
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}

const answers = ({ host, port, credentials }: NsxSimulation, name = ''): Typed[] => [
  ['NSX Manager: ', host],
  ['Name for this target [nsx-prod]: ', name],
  ['Port [443]: ', String(port)],
  ['User [admin]: ', ''],
  ['Environment (rules match it: prod, staging, lab) [prod]: ', 'lab'],
  ['Trust exactly this certificate from now on? [y/N] ', 'y'],
  ['Password of admin: ', credentials.password],
];

test('from nothing: init at a terminal, and the next command works', async () => {
  await using sim = await simulateNsx();
  using at = emptyHome();
  const { exit, screen } = await atTerminal(['init'], at.env, answers(sim));
  expect(screen).toContain(`SHA-256  ${sim.thumbprint}`);
  expect(screen).toContain('ok    nsx-prod: login: admin (enterprise_admin) on NSX 4.2.1');
  expect(exit).toBe(0);
  expect(screen).not.toContain(sim.credentials.password);
  expect(readFileSync(at.config, 'utf8')).not.toContain(sim.credentials.password);
  for (const file of [at.config, at.dotEnv]) expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await at.run('policy get shop')).toMatchObject({ exit: 0 });
  expect(await at.run('context current')).toMatchObject({ stdout: 'nsx-prod\n' });
  expect(sim.sessions.open).toBe(0);
});

test('init --skip-test logs in nowhere; init --force replaces the target of that name only', async () => {
  await using sim = await simulateNsx();
  using at = emptyHome();
  expect(await atTerminal(['init', '--skip-test'], at.env, answers(sim))).toMatchObject({
    exit: 0,
  });
  expect(await atTerminal(['init', '--skip-test'], at.env, answers(sim, 'dr'))).toMatchObject({
    exit: 0,
  });
  expect(sim.requests).toEqual([]);

  const again = answers(sim).map(
    ([question, answer]): Typed =>
      question.startsWith('User')
        ? [question, 'audit']
        : [question.replace('of admin', 'of audit'), answer],
  );
  expect(await atTerminal(['init', '--force', '--skip-test'], at.env, again)).toMatchObject({
    exit: 0,
  });
  const config = readFileSync(at.config, 'utf8');
  expect(config.match(/- name:/g)).toHaveLength(2);
  expect(config).toContain('username: audit');
  expect(await at.run('context list')).toMatchObject({ stdout: expect.stringContaining('dr') });
});

test('Ctrl-C at any question of init writes nothing', async () => {
  await using sim = await simulateNsx();
  const all = answers(sim);
  for (const at of [0, 2, 5, 6]) {
    using home = emptyHome();
    const typed = [...all.slice(0, at), [all[at]?.[0] ?? '', interrupt] as const];
    const { exit, screen } = await atTerminal(['init'], home.env, typed);
    expect(screen).toContain('Interrupted. Nothing was changed.');
    expect(exit).toBe(130);
    expect(() => statSync(home.config)).toThrow('ENOENT');
  }
});

test('init with nobody at a terminal says how to go without it', async () => {
  using at = emptyHome();
  const ran = await at.run('init');
  expect(ran).toMatchObject({ exit: 2, stdout: '' });
  expect(ran.stderr).toContain('write ~/.vmware-nsx-security/config.yaml');
});

test('doctor: 0 when all is well, 1 when not, each failure with its remedy', async () => {
  await using sim = await simulateNsx();
  using at = emptyHome();
  const none = await at.run('doctor');
  expect(none).toMatchObject({ exit: 1 });
  expect(none.stdout).toContain('Run vmware-nsx-security init.');

  at.configure(sim);
  const secret = { VMWARE_NSX_SECURITY_LAB_PASSWORD: sim.credentials.password };
  expect(await at.run('doctor', secret)).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining('on NSX 4.2.1'),
  });
  const skipped = await at.run('doctor --skip-auth --json', secret);
  expect(skipped).toMatchObject({ exit: 0 });
  const { findings } = JSON.parse(skipped.stdout) as { findings: { check: string }[] };
  expect(findings.map(({ check }) => check).filter((check) => check.startsWith('lab: '))).toEqual([
    'lab: password',
    'lab: network',
    'lab: certificate',
  ]);
  expect(await at.run('doctor')).toMatchObject({
    exit: 1,
    stdout: expect.stringContaining('VMWARE_NSX_SECURITY_LAB_PASSWORD'),
  });
  const wrong = await at.run('doctor', { VMWARE_NSX_SECURITY_LAB_PASSWORD: 'wrong' });
  expect(wrong).toMatchObject({ exit: 1 });
  expect(wrong.stdout).toContain('doctor --reset-login lab');
  expect(await at.run('policy list', secret)).toMatchObject({ exit: 4 });
  expect(await at.run('doctor --reset-login lab', secret)).toMatchObject({ exit: 0 });
  expect(await at.run('policy list', secret)).toMatchObject({ exit: 0 });
});

test('doctor with a config.yaml that is broken finds that, and checks everything else', async () => {
  await using sim = await simulateNsx();
  using at = emptyHome();
  at.configure(sim);
  writeFileSync(at.config, 'targets: {lab: {hots: x}}\n');
  const ran = await at.run('doctor');
  expect(ran).toMatchObject({ exit: 1, stderr: '' });
  expect(ran.stdout).toMatch(/^fail +Configuration .*config\.yaml:1:17: unknown key hots/m);
  expect(ran.stdout).toMatch(/^ok +SQLite driver/m);
});

test('-c names the configuration of every command', async () => {
  await using sim = await simulateNsx();
  using at = emptyHome();
  at.configure(sim);
  const mine = join(at.home, 'mine.yaml');
  writeFileSync(mine, readFileSync(at.config, 'utf8').replace('lab:', 'mine:'));
  const secret = { VMWARE_NSX_SECURITY_MINE_PASSWORD: sim.credentials.password };
  expect(await at.run(`policy get shop -c ${mine} -t mine`, secret)).toMatchObject({ exit: 0 });
  expect(await at.run(`doctor --config ${mine}`, secret)).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining('mine: login'),
  });
  expect(await at.run(`context current -c ${mine}`)).toMatchObject({ stdout: 'mine\n' });
  expect(await at.run(`context list -c ${mine}`)).toMatchObject({
    stdout: expect.stringContaining('mine'),
  });
  expect(await at.run('context current')).toMatchObject({ stdout: 'lab\n' });
  const environment = { ...secret, VMWARE_NSX_SECURITY_CONFIG: '~/mine.yaml' };
  expect(await at.run('policy get shop -t mine', environment)).toMatchObject({ exit: 0 });
});

test('a snapshot is analysed with no configuration at all', async () => {
  await using sim = await simulateNsx();
  using at = emptyHome();
  at.configure(sim);
  const file = join(at.home, 'firewall.json');
  const secret = { VMWARE_NSX_SECURITY_LAB_PASSWORD: sim.credentials.password };
  expect(await at.run(`snapshot take ${file}`, secret)).toMatchObject({ exit: 0 });
  const requests = sim.requests.length;

  using nothing = emptyHome();
  const rules = await nothing.run(`analyze rules --snapshot ${file} -o json`);
  expect(rules).toMatchObject({ exit: 0, stderr: '' });
  expect(JSON.parse(rules.stdout)).toMatchObject({ rules: 19 });
  expect(await nothing.run(`explain vm web-01 --snapshot ${file}`)).toMatchObject({
    exit: 0,
    stdout: expect.stringMatching(/^vm: web-01\n/),
  });
  const asked = `explain connectivity web-01 app-01 --port 80 --snapshot ${file} -o json`;
  const reached = await nothing.run(asked);
  expect(reached).toMatchObject({ exit: 0 });
  expect(JSON.parse(reached.stdout)).toMatchObject({ verdict: 'blocked' });
  expect(await nothing.run(`snapshot diff ${file} ${file}`)).toMatchObject({ exit: 0 });
  expect(sim.requests).toHaveLength(requests);

  for (const line of ['analyze rules', `snapshot diff ${file}`])
    expect(await nothing.run(line)).toMatchObject({
      exit: 2,
      stdout: '',
      stderr: expect.stringContaining('[NO_TARGETS]'),
    });
  const missing = await nothing.run(`analyze rules --snapshot ${file}.not`);
  expect(missing).toMatchObject({ stdout: '' });
  expect(missing.exit).not.toBe(0);
  expect(missing.stderr).toContain(`${file}.not`);
});
