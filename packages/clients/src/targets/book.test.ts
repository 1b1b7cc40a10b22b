import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTargets } from './book.js';

/** A home with this config.yaml. */
function home(config?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'targets-'));
  mkdirSync(join(folder, '.vmware-vsphere'));
  if (config !== undefined) writeFileSync(join(folder, '.vmware-vsphere', 'config.yaml'), config);
  return folder;
}
const open = (config?: string, env: Record<string, string> = {}) =>
  openTargets({ product: 'vsphere', home: home(config), env });

const two = `# our vCenters
targets:
  - name: prod   # careful
    host: vc.example.com
    environment: production
    thumbprint: ${'ab'.repeat(32)}
  - name: lab
    host: 10.0.0.5
    port: 8443
    username: me@lab.local
    disableSslCertValidation: true
`;

test('reads targets with the family defaults', async () => {
  const book = await open(two);
  expect(book.list()).toMatchObject([
    {
      name: 'prod',
      environment: 'production',
      host: 'vc.example.com',
      port: 443,
      username: 'administrator@vsphere.local',
      verifySsl: true,
      thumbprint: Array(32).fill('AB').join(':'),
    },
    { name: 'lab', port: 8443, username: 'me@lab.local', verifySsl: false, environment: '' },
  ]);
});

test('the default is VMWARE_TARGET, else current, else the first', async () => {
  expect((await open(two)).find().name).toBe('prod');
  expect((await open(`current: lab\n${two}`)).find().name).toBe('lab');
  expect((await open(`current: lab\n${two}`, { VMWARE_TARGET: 'prod' })).find().name).toBe('prod');
  const book = await open(two, { VMWARE_TARGET: 'prd' });
  expect(() => book.find()).toThrow('from VMWARE_TARGET');
});

test('an unknown target is refused with the names there are and the nearest', async () => {
  const book = await open(two);
  expect(() => book.find('prodd')).toThrow(
    expect.objectContaining({
      code: 'UNKNOWN_TARGET',
      remedy: 'Use the target prod.',
      details: { known: ['prod', 'lab'], nearest: 'prod' },
    }),
  );
});

test.each([
  ['targets:\n  - name: a\n    hots: x\n', 'config.yaml:3:5: unknown key hots; did you mean host?'],
  ['target: []\n', 'config.yaml:1:1: unknown key target; did you mean targets?'],
  ['targets:\n  - name: a\n    host: x\n    port: 99999\n', 'config.yaml:4:11: targets.0.port'],
  ['targets:\n  - host: x\n', 'config.yaml:2:5: targets.0.name'],
  ['targets:\n  - name: a\n   host: x\n', 'config.yaml:'],
  ['targets: [\n', 'config.yaml:'],
  ['', 'config.yaml:1:1'],
  ['current: c\ntargets:\n  - {name: a, host: x}\n', 'config.yaml:1:10: current names c'],
  ['targets:\n  - {name: a, host: x}\n  - {name: a, host: y}\n', 'config.yaml:3:12: the name a'],
  ['targets:\n  - {name: a, host: x, password: p}\n', 'password does not belong in this file'],
  ['targets:\n  - {name: a, host: https://x/sdk}\n', 'must be a host name or address'],
])('says where %j is wrong', async (config, said) => {
  await expect(open(config)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(said),
    remedy: expect.any(String),
  });
});

test('switching the default keeps comments; adding a target keeps the others', async () => {
  const book = await open(two);
  await book.use('lab');
  await book.add({ name: 'dr', host: 'dr.example.com', environment: 'prod-dr' });
  expect(book.find().name).toBe('lab');
  expect(book.list().map(({ name }) => name)).toEqual(['prod', 'lab', 'dr']);
  const text = readFileSync(book.path, 'utf8');
  expect(text).toContain('# our vCenters');
  expect(text).toContain('# careful');
  await expect(book.use('nope')).rejects.toMatchObject({ code: 'UNKNOWN_TARGET' });
  await expect(book.add({ name: 'dr', host: 'x' })).rejects.toMatchObject({
    code: 'TARGET_EXISTS',
  });
});

test('the first target makes the file, readable by its owner alone', async () => {
  const book = await open();
  expect(book.list()).toEqual([]);
  expect(() => book.find()).toThrow(
    expect.objectContaining({ code: 'NO_TARGETS', remedy: 'Run vmware-vsphere init.' }),
  );
  await book.add({ name: 'lab', host: 'vc.lab', verify_ssl: false });
  expect(book.find()).toMatchObject({ name: 'lab', verifySsl: false });
  expect(statSync(book.path).mode & 0o777).toBe(0o600);
});

test('without a file the variables of mcvsphere or govc make one target', async () => {
  const env = {
    VCENTER_HOST: 'vc.example.com:8989',
    VCENTER_USER: 'me@vsphere.local',
    VCENTER_INSECURE: 'yes',
    VCENTER_DATACENTER: 'DC1',
    GOVC_URL: 'ignored',
  };
  expect((await open(undefined, env)).find()).toMatchObject({
    name: 'default',
    source: 'VCENTER',
    host: 'vc.example.com',
    port: 8989,
    username: 'me@vsphere.local',
    verifySsl: false,
    datacenter: 'DC1',
  });
  const govc = { GOVC_URL: 'https://root:p%40ss@esx.lab/sdk' };
  expect((await open(undefined, govc)).find()).toMatchObject({
    source: 'GOVC',
    host: 'esx.lab',
    username: 'root',
    port: 443,
    verifySsl: true,
  });
  expect((await open(two, env)).find().name).toBe('prod');
  await expect(open(undefined, { GOVC_URL: 'http://vc/sdk' })).rejects.toThrow('clear text');
});

test('VMWARE_VSPHERE_CONFIG names another file', async () => {
  const folder = home();
  writeFileSync(join(folder, 'mine.yaml'), two);
  const env = { VMWARE_VSPHERE_CONFIG: '~/mine.yaml' };
  const book = await openTargets({ product: 'vsphere', home: folder, env });
  expect(book.list()).toHaveLength(2);
});
