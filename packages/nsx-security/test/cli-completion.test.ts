import { beforeAll, expect, test } from 'vitest';
import { built, cli } from './cli.js';
import { changesAt, lab } from './lab.js';

beforeAll(built, 120_000);

type Lab = Awaited<ReturnType<typeof lab>>;

/** The candidates for the last word, without what they are. */
async function words(nsx: Lab, ...line: string[]): Promise<string[]> {
  const { exit, stdout, stderr } = await cli(['__complete', '--', ...line], nsx.env);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  return stdout
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((candidate) => candidate.split('\t')[0] ?? '');
}

test('ids come from the list of what they are ids of, those of rules from the policy that was named', async () => {
  await using nsx = await lab();
  expect(await words(nsx, 'policy', 'get', 'shop')).toEqual(['shop', 'shop-deny']);
  expect(await words(nsx, 'rule', 'stats', 'shop', 'web')).toContain('web-in');
  expect(await words(nsx, 'rule', 'move', 'shop', 'web-in', '--anchor', 'web')).toContain('web-in');
  expect(await words(nsx, 'exclusion', 'add', 'web-ser')).toEqual(['web-servers']);
  expect(await words(nsx, 'policy', 'create', 'shop')).toEqual([]);
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('explain is a command of its own and explains commands', async () => {
  await using nsx = await lab();
  expect(await words(nsx, 'explain', 'con')).toEqual(['connectivity']);
  expect(await words(nsx, 'explain', 'policy', 'de')).toEqual(['delete']);
  const { stdout } = await cli(['explain', 'policy', 'delete'], nsx.env);
  expect(stdout).toContain('delete_dfw_policy');
  const own = await cli(['explain', 'vm', '--help'], nsx.env);
  expect(own.stdout).toContain('Usage: vmware-nsx-security explain vm [options] <vm>');
});
