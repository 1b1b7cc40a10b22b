import { beforeAll, expect, test } from 'vitest';
import { built, cli } from './cli.js';
import { lab } from './lab.js';

beforeAll(built, 120_000);

test('names of clusters and pools come from the namespace and the cluster that were named', async () => {
  await using vks = await lab();
  const words = async (...line: string[]) => {
    const { exit, stdout, stderr } = await cli(['__complete', '--', ...line], vks.env);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    return stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((one) => one.split('\t')[0]);
  };
  expect(await words('namespace', 'get', '')).toEqual(['dev', 'edge', 'prod']);
  expect(await words('tkc', 'list', '-n', 'p')).toEqual(['prod']);
  expect(await words('tkc', 'get', '')).toEqual(expect.arrayContaining(['web', 'shop']));
  expect(await words('tkc', 'get', '-n', 'edge', '')).not.toContain('shop');
  expect(await words('pool', 'list', 'sh')).toEqual(['shop']);
  const pools = await words('pool', 'remove', 'shop', '-n', 'prod', '');
  expect(pools.length).toBeGreaterThan(0);
  expect(await words('tkc', 'create', 'sh')).toEqual([]);
});
