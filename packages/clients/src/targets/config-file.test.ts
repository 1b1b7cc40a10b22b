import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTargets } from './book.js';
import { authenticationOf } from './target.js';

/** The book of a config.yaml with this text, at `path`. */
async function open(config: string, env: Record<string, string> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'config-'));
  const directory = join(home, '.vmware-nsx-security');
  mkdirSync(directory);
  writeFileSync(join(directory, 'config.yaml'), config);
  const again = () => openTargets({ product: 'nsx-security', home, env });
  return { book: await again(), directory, again };
}

const map = `# managers
default_target: lab
targets:
  prod: # careful
    host: nsx.example.com
    environment: production
  lab: {host: 10.0.0.5, port: 8443, username: auditor, verify_ssl: false}
`;
const list = `default_target: lab
targets:
  - {name: prod, host: nsx.example.com, environment: production}
  - {name: lab, host: 10.0.0.5, port: 8443, username: auditor, verify_ssl: false}
`;

test('targets as a map by name and as a list with names are the same targets', async () => {
  const [{ book: one, directory }, { book: two }] = await Promise.all([open(map), open(list)]);
  const shown = (book: typeof one) => book.list().map(({ directory: _, ...rest }) => rest);
  expect(shown(one)).toEqual(shown(two));
  expect(one.list()).toMatchObject([
    { name: 'prod', port: 443, username: 'admin', verifySsl: true, directory },
    { name: 'lab', port: 8443, username: 'auditor', verifySsl: false },
  ]);
});

test('a second start reads the same from the parse that was kept', async () => {
  for (const text of [map, list]) {
    const { book, again } = await open(text);
    expect((await again()).list()).toEqual(book.list());
    expect((await again()).find().name).toBe('lab');
  }
});

test('default_target is the default, unless current or VMWARE_TARGET says otherwise', async () => {
  expect((await open(map)).book.find().name).toBe('lab');
  expect((await open(`current: prod\n${map}`)).book.find().name).toBe('prod');
  expect((await open(map, { VMWARE_TARGET: 'prod' })).book.find().name).toBe('prod');
});

test('a map keeps its form, its comments and its other targets when one is added or replaced', async () => {
  const { book } = await open(map);
  await book.add({ name: 'dr', host: 'dr.example.com' });
  await expect(book.add({ name: 'lab', host: 'x' })).rejects.toMatchObject({
    code: 'TARGET_EXISTS',
  });
  await book.add({ name: 'lab', host: '10.0.0.6', port: 443 }, { replace: true });
  await book.use('dr');
  expect(book.list()).toMatchObject([
    { name: 'prod', environment: 'production' },
    { name: 'lab', host: '10.0.0.6', verifySsl: true },
    { name: 'dr', host: 'dr.example.com' },
  ]);
  expect(book.find().name).toBe('dr');
  const text = readFileSync(book.path, 'utf8');
  for (const kept of ['# managers', '# careful', 'prod:', 'default_target: lab'])
    expect(text).toContain(kept);
  expect(text).not.toContain('- name');
});

test('a list keeps its form when one of its targets is replaced', async () => {
  const { book } = await open(list);
  await book.add({ name: 'prod', host: 'new.example.com' }, { replace: true });
  expect(book.list()).toMatchObject([
    { name: 'prod', host: 'new.example.com', environment: '' },
    { name: 'lab', host: '10.0.0.5' },
  ]);
});

test('a client certificate is named relative to config.yaml, and shown unless auth says otherwise', async () => {
  const pem = 'client_cert: pi.crt, client_key: /etc/pi.key';
  const { book, directory } = await open(
    `targets:\n  a: {host: x, ${pem}}\n  b: {host: x, auth: basic, ${pem}}\n  c: {host: x, auth: basic}\n  d: {host: x}\n`,
  );
  expect(book.find('a')).toMatchObject({
    clientCert: join(directory, 'pi.crt'),
    clientKey: '/etc/pi.key',
  });
  expect(book.list().map(authenticationOf)).toEqual(['certificate', 'basic', 'basic', 'session']);
});

test.each([
  ['targets:\n  lab: {hots: x}\n', 'config.yaml:2:9: unknown key hots; did you mean host?'],
  ['targets:\n  lab: {host: x, port: 99999}\n', 'config.yaml:2:24: targets.0.port'],
  ['targets:\n  my lab: {host: x}\n', 'config.yaml:2:11: targets.0.name: must be letters'],
  ['targets:\n  lab:\n', 'config.yaml:2:'],
  ['targets:\n  lab: {host: x}\n  lab: {host: y}\n', 'config.yaml:3:3: Map keys must be unique'],
  ['targets: lab\n', 'config.yaml:1:10: targets: '],
  ['default_target: dr\ntargets: {lab: {host: x}}\n', 'config.yaml:1:17: default_target names dr'],
  ['targets: {lab: {host: x, auth: kerberos}}\n', 'config.yaml:1:32: targets.0.auth'],
  [
    'targets: {lab: {host: x, client_cert: a.pem}}\n',
    'config.yaml:1:16: client_cert and client_key belong together',
  ],
  [
    'targets: {lab: {host: x, auth: certificate}}\n',
    'config.yaml:1:16: auth: certificate needs client_cert and client_key',
  ],
])('says where %j is wrong', async (config, said) => {
  await expect(open(config)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(said),
    remedy: expect.any(String),
  });
});
