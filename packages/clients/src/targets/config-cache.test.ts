import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTargets } from './book.js';

const home = () => {
  const directory = mkdtempSync(join(tmpdir(), 'config-cache-'));
  const path = join(directory, 'config.yaml');
  const cache = join(directory, '.config.cache.json');
  const write = (host: string) =>
    writeFileSync(path, `targets:\n  - { name: lab, host: ${host} }\n`);
  const host = async () =>
    (await openTargets({ product: 'vsphere', env: { VMWARE_VSPHERE_CONFIG: path } })).find().host;
  return { path, cache, write, host };
};

test('an unchanged file is read from the cache, and a changed one is not', async () => {
  const { cache, write, host } = home();
  write('one.test');
  expect(await host()).toBe('one.test');
  expect(JSON.parse(readFileSync(cache, 'utf8'))).toMatchObject({
    value: { targets: [{ host: 'one.test' }] },
  });
  expect(await host()).toBe('one.test');
  write('two.test');
  expect(await host()).toBe('two.test');
});

test('a cache that others can write, that is broken or not for this text, does not count', async () => {
  const { path, cache, write, host } = home();
  write('one.test');
  await host();
  const good = readFileSync(cache, 'utf8');
  writeFileSync(cache, good.replace('one.test', 'evil.test'));
  chmodSync(cache, 0o666);
  expect(await host()).toBe('one.test');
  chmodSync(cache, 0o600);
  writeFileSync(cache, '{');
  expect(await host()).toBe('one.test');
  writeFileSync(path, `${readFileSync(path, 'utf8')}# more\n`);
  writeFileSync(cache, good.replace('one.test', 'evil.test'));
  expect(await host()).toBe('one.test');
});

test('a cached value that the schema refuses is parsed afresh', async () => {
  const { cache, write, host } = home();
  write('one.test');
  await host();
  writeFileSync(cache, readFileSync(cache, 'utf8').replace('"host"', '"hots"'));
  expect(await host()).toBe('one.test');
});
