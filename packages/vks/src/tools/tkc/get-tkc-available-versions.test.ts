import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { getTkcAvailableVersions } from './get-tkc-available-versions.js';

const minors = (versions: readonly { readonly version: string }[]) =>
  versions.map(({ version }) => Number(/^v1\.(\d+)/.exec(version)?.[1]));

test('usable versions come first to last by version, not by spelling', async () => {
  await using at = await lab();
  const { versions, hidden, supervisor } = await read(at, getTkcAvailableVersions, {
    namespace: 'dev',
  });
  expect(supervisor).toBe('supervisor-a');
  expect(minors(versions)).toEqual([...minors(versions)].sort((a, b) => b - a));
  expect(versions.length).toBeGreaterThan(3);
  expect(versions.every(({ ready, compatible }) => ready !== false && compatible !== false)).toBe(
    true,
  );
  expect(hidden).toBeGreaterThan(0);
});

test('all of them, with why some cannot be used', async () => {
  await using at = await lab();
  const { versions, hidden } = await read(at, getTkcAvailableVersions, {
    namespace: 'dev',
    all: true,
  });
  expect(hidden).toBe(0);
  const bad = versions.filter(({ ready, compatible }) => ready === false || compatible === false);
  expect(bad.length).toBeGreaterThan(0);
  expect(bad.every(({ why }) => why !== null)).toBe(true);
});

test('a Supervisor that calls them KubernetesRelease is read as well', async () => {
  await using at = await lab({ serve: { 'run.tanzu.vmware.com': [] } });
  const { versions } = await read(at, getTkcAvailableVersions, { namespace: 'dev' });
  expect(versions.length).toBeGreaterThan(3);
});
