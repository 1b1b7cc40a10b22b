import { expect, test } from 'vitest';
import { apisIn, compareApiVersions, findResource } from './discovery.js';
import {
  compareVersions,
  matchesVersion,
  minorSkew,
  parseVersion,
  sameVersion,
  withoutRelease,
} from './versions.js';

test('versions are ordered as numbers, releases after their candidates, what is none first', () => {
  const ordered = [
    'latest',
    'v1.9.11+vmware.1-tkg.1',
    'v1.28.8+vmware.1-fips.1-tkg.2',
    'v1.31.1-rc.1',
    'v1.31.1+vmware.2-fips-vkr.2',
    'v1.31.9+vmware.1-fips-vkr.1',
    'v1.31.11+vmware.1-fips-vkr.2',
    'v1.31.11+vmware.1-fips-vkr.10',
    'v1.33.0',
  ];
  expect(ordered.toReversed().toSorted(compareVersions)).toEqual(ordered);
  expect(compareVersions('v1.9', 'v1.31')).toBeLessThan(0);
  expect(compareVersions('1.33', 'v1.33.0')).toBeLessThan(0);
  expect(compareVersions('v1.33.1', 'v1.33.1')).toBe(0);
});

test('the name of a release is its version, written otherwise', () => {
  const [name, version] = ['v1.28.8---vmware.1-fips.1-tkg.2', 'v1.28.8+vmware.1-fips.1-tkg.2'];
  expect(parseVersion(name)).toEqual({
    major: 1,
    minor: 28,
    patch: 8,
    prerelease: '',
    build: 'vmware.1-fips.1-tkg.2',
  });
  expect(sameVersion(name, version)).toBe(true);
  expect(sameVersion('v1.28.8+vmware.1-fips.1', version)).toBe(false);
  expect(sameVersion('v1.28.8+vmware.1-fips.1', version, { loose: true })).toBe(true);
  expect(withoutRelease('v1.33.6+vmware.1-fips-vkr.2')).toBe('v1.33.6+vmware.1-fips');
});

test.each(['', 'v', '1', 'v1.x', 'v1.2.3.4', 'v1.2.3 ; rm', '1.33.1+', 'v1.2-'])(
  '%j is no version',
  (text) => {
    expect(parseVersion(text)).toBeUndefined();
    expect(matchesVersion('v1.33.6', text)).toBe(false);
    expect(sameVersion(text, text)).toBe(false);
    expect(minorSkew(text, 'v1.33.6')).toBeUndefined();
  },
);

test('a shorter version means the longer ones that begin with it, part by part', () => {
  const full = 'v1.33.6+vmware.1-fips-vkr.2';
  for (const wanted of ['1.33', 'v1.33', 'v1.33.6', 'v1.33.6+vmware.1-fips', full])
    expect(matchesVersion(full, wanted)).toBe(true);
  for (const wanted of ['1.3', '1.34', 'v1.33.60', 'v1.33.6+vmware.1-fi', 'v1.33.6-rc.1'])
    expect(matchesVersion(full, wanted)).toBe(false);
  expect(matchesVersion('v1.33.6+vmware.11', 'v1.33.6+vmware.1')).toBe(false);
});

test('the distance between minor versions is counted, not guessed', () => {
  expect(minorSkew('v1.32.9+vmware.1', 'v1.33.1')).toBe(1);
  expect(minorSkew('v1.33.1', 'v1.31.0')).toBe(-2);
  expect(minorSkew('v1.33.1', 'v2.0.0')).toBeUndefined();
});

test('versions of an API are ordered by how stable they are', () => {
  const ordered = ['foo', 'v1alpha6', 'v2alpha1', 'v1beta1', 'v1beta2', 'v1', 'v2', 'v10'];
  expect(ordered.toReversed().toSorted(compareApiVersions)).toEqual(ordered);
});

const served = (name: string, ...versions: readonly string[]) => ({
  name,
  versions: versions.map((version) => ({ groupVersion: `${name}/${version}`, version })),
  preferredVersion: { version: versions.at(-1) },
});

/** A server whose documents are these; says which were read. */
function server(documents: Readonly<Record<string, readonly string[]>>) {
  const versions = Object.keys(documents);
  const apis = apisIn({ kind: 'APIGroupList', groups: [served('g', ...versions)] });
  if (!apis) throw new Error('no list of groups');
  const asked: string[] = [];
  const read = async (target: string) => {
    asked.push(target);
    const names = documents[target.split('/').at(-1) ?? ''] ?? [];
    return { resources: names.map((name) => ({ name, kind: 'Kind', namespaced: true })) };
  };
  return {
    asked,
    find: (wanted: object) => findResource({ apis, read, label: 'it' }, 'g', 'as', wanted),
  };
}

test('the newest version that has a resource is taken, and no other is read', async () => {
  const { asked, find } = server({
    v1alpha1: ['as'],
    v1beta2: ['as'],
    v1beta1: ['as'],
    v1: ['bs'],
  });
  expect(await find({})).toMatchObject({ version: 'v1beta2' });
  expect(asked).toEqual(['/apis/g/v1', '/apis/g/v1beta2']);
  expect(await find({ prefer: ['v1beta1', 'v1beta2'] })).toMatchObject({ version: 'v1beta1' });
  await expect(find({ prefer: ['v1', 'v2'] })).rejects.toMatchObject({
    code: 'API_NOT_SERVED',
    message: expect.stringContaining('as are not in v1'),
  });
  await expect(find({ least: 'v2' })).rejects.toMatchObject({ details: { needed: 'v2 or later' } });
});

test('the server’s own preference comes first in what it serves, and a list of nothing is none', () => {
  const apis = apisIn({ kind: 'APIGroupList', groups: [served('g', 'v1', 'v1beta1')] });
  expect(apis?.versions('g')).toEqual(['v1beta1', 'v1']);
  expect(apis?.versions('')).toEqual(['v1']);
  expect(apis?.versions('absent')).toEqual([]);
  expect(apisIn({ kind: 'Status' })).toBeUndefined();
  expect(apisIn('<html>')).toBeUndefined();
});
