import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { OnSim } from './changes.js';
import { built, cli, type Ran } from './cli.js';
import { changesAt, lab } from './lab.js';

beforeAll(built, 120_000);

/** A certificate of a principal identity and its key, made by the openssl program. */
function identity() {
  const folder = mkdtempSync(join(tmpdir(), 'nsx-identity-'));
  const [key, cert] = [join(folder, 'pi.key'), join(folder, 'pi.crt')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const out = ['-keyout', key, '-out', cert, '-days', '30', '-subj', '/CN=pipeline'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...out], { stdio: 'ignore' });
  return { folder, key, cert, fingerprint: new X509Certificate(readFileSync(cert)).fingerprint256 };
}
const pipeline = identity();
const stranger = identity();
const user = { username: 'pipeline', password: 'unused', role: 'security_engineer' } as const;
const identities = { [pipeline.fingerprint]: user };

/** Gives the target `lab` more fields. */
function configure(nsx: OnSim, extra: string): void {
  const { host, port, thumbprint } = nsx.sim;
  writeFileSync(
    join(nsx.userHome, '.vmware-nsx-security/config.yaml'),
    `targets:\n  lab: {host: ${host}, port: ${port}, thumbprint: '${thumbprint}'${extra}}\n`,
  );
}
const shown = ({ cert, key }: { cert: string; key: string }) =>
  `, client_cert: ${cert}, client_key: ${key}`;
/** No password anywhere. */
const run = ({ userHome }: OnSim, line: string, env = {}): Promise<Ran> =>
  cli(line.split(' '), { HOME: userHome, ...env });

test('a client certificate reads and changes without any password or session', async () => {
  await using nsx = await lab({ identities });
  configure(nsx, shown(pipeline));
  expect(await run(nsx, 'policy get shop')).toMatchObject({ exit: 0 });
  expect(await run(nsx, 'tag apply scratch-01 --scope a --value b --yes')).toMatchObject({
    exit: 0,
  });
  expect(changesAt(nsx.sim)).toHaveLength(1);
  expect(nsx.sim.sessions).toMatchObject({ logins: 0, failedLogins: 0, open: 0 });
  expect(new Set(nsx.sim.requests.map(({ user: who }) => who))).toEqual(new Set(['pipeline']));
  expect(await run(nsx, 'doctor')).toMatchObject({
    exit: 0,
    stdout: expect.stringMatching(/ok +lab: client certificate CN=pipeline, until /),
  });
});

test('its files may be named relative to config.yaml', async () => {
  await using nsx = await lab({ identities });
  const directory = join(nsx.userHome, '.vmware-nsx-security');
  for (const name of ['pi.crt', 'pi.key'])
    writeFileSync(join(directory, name), readFileSync(join(pipeline.folder, name)), {
      mode: 0o600,
    });
  configure(nsx, shown({ cert: 'pi.crt', key: 'pi.key' }));
  expect(await run(nsx, 'policy get shop')).toMatchObject({ exit: 0 });
});

test('a certificate that NSX does not know is refused once, and then paused', async () => {
  await using nsx = await lab({ identities });
  configure(nsx, shown(stranger));
  const ran = await run(nsx, 'policy get shop');
  expect(ran).toMatchObject({ exit: 4, stdout: '' });
  expect(ran.stderr).toMatch(/refused the login of the client certificate .*lab/);
  expect(await run(nsx, 'policy get shop')).toMatchObject({
    exit: 4,
    stderr: expect.stringContaining('[LOGIN_PAUSED]'),
  });
  expect(nsx.sim.requests).toHaveLength(1);
});

const broken = join(pipeline.folder, 'broken.pem');
writeFileSync(broken, '-----BEGIN CERTIFICATE-----\nnothing\n');

test.each([
  ['a certificate that is none', { cert: broken, key: pipeline.key }, 'client_cert'],
  ['a key that is none', { cert: pipeline.cert, key: broken }, 'client_key'],
  ['a key of another certificate', { cert: pipeline.cert, key: stranger.key }, 'client_key'],
  ['a certificate that is not there', { cert: '/nowhere.crt', key: pipeline.key }, 'client_cert'],
])(
  '%s is an error that names the key of config.yaml, and nothing is sent',
  async (_what, files, key) => {
    await using nsx = await lab({ identities });
    configure(nsx, shown(files));
    for (const line of ['policy get shop', 'doctor']) {
      const { exit, stdout, stderr } = await run(nsx, line);
      expect(exit).not.toBe(0);
      expect(stdout + stderr).toContain(`Correct ${key} in config.yaml.`);
      expect(stdout + stderr).not.toMatch(/\n\s+at .*:\d+:\d+|node:internal/);
    }
    expect(nsx.sim.requests).toEqual([]);
  },
);

test('basic authentication needs no session, and changes what it is told to', async () => {
  await using nsx = await lab();
  configure(nsx, ', auth: basic');
  const env = { VMWARE_NSX_SECURITY_LAB_PASSWORD: nsx.sim.credentials.password };
  expect(await run(nsx, 'policy get shop', env)).toMatchObject({ exit: 0 });
  expect(await run(nsx, 'tag apply scratch-01 --scope a --value b --yes', env)).toMatchObject({
    exit: 0,
  });
  expect(changesAt(nsx.sim)).toHaveLength(1);
  expect(nsx.sim.sessions).toMatchObject({ logins: 0, open: 0 });
  expect(await run(nsx, 'doctor', env)).toMatchObject({ exit: 0 });
});

test('basic authentication with a wrong password tries it once', async () => {
  await using nsx = await lab();
  configure(nsx, ', auth: basic');
  const env = { VMWARE_NSX_SECURITY_LAB_PASSWORD: 'wrong' };
  const ran = await run(nsx, 'policy get shop', env);
  expect(ran).toMatchObject({ exit: 4, stdout: '' });
  expect(ran.stderr).not.toContain('wrong\n');
  expect(nsx.sim.sessions.failedLogins).toBe(1);
});

test('a password beside a certificate is what counts where auth says so', async () => {
  await using nsx = await lab({ identities });
  configure(nsx, `, auth: session${shown(stranger)}`);
  const env = { VMWARE_NSX_SECURITY_LAB_PASSWORD: nsx.sim.credentials.password };
  expect(await run(nsx, 'policy get shop', env)).toMatchObject({ exit: 0 });
  expect(nsx.sim.sessions).toMatchObject({ logins: 1, open: 0 });
});
