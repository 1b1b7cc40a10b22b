import { apiVersionOf, type Kind, type Kinds } from './kinds.js';
import type { Json } from './object.js';

/** What `/version`, `/api` and `/apis` and what is below them say; undefined for other places. */
export function discovered(
  segments: readonly string[],
  kinds: Kinds,
  release: string,
): Json | undefined {
  const [root, group, version, ...more] = segments.filter((part) => part !== '');
  if (more.length > 0) return undefined;
  if (root === 'version' && group === undefined) return versionOf(release);
  if (root === 'api' && version === undefined)
    return group === undefined
      ? { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }
      : group === 'v1'
        ? resourcesOf(kinds, '', 'v1')
        : undefined;
  if (root !== 'apis') return undefined;
  const groups = kinds.groups();
  if (group === undefined)
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: [...groups].map(([name, versions]) => groupOf(name, versions)),
    };
  const versions = groups.get(group);
  if (!versions) return undefined;
  if (version === undefined)
    return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group, versions) };
  return versions.includes(version) ? resourcesOf(kinds, group, version) : undefined;
}

function groupOf(name: string, versions: readonly string[]): Json {
  const entries = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

function resourcesOf(kinds: Kinds, group: string, version: string): Json {
  const served = kinds.all.filter(
    (kind) => kind.group === group && kind.versions.some(({ name }) => name === version),
  );
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: served.flatMap((kind) => [
      resourceOf(kind, version),
      ...kind.subresources.map((name) => ({
        name: `${kind.plural}/${name}`,
        singularName: '',
        namespaced: kind.namespaced,
        kind: kind.kind,
        verbs: ['get', 'patch', 'update'],
      })),
    ]),
  };
}

const resourceOf = (kind: Kind, version: string): Json => ({
  name: kind.plural,
  singularName: kind.kind.toLowerCase(),
  namespaced: kind.namespaced,
  kind: kind.kind,
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  shortNames: kind.shortNames,
  ...(kind.group !== '' && { group: kind.group, version }),
  storageVersionHash: Buffer.from(apiVersionOf(kind, kind.plural)).toString('base64').slice(0, 12),
});

function versionOf(release: string): Json {
  const [, major = '1', minor = '0'] = /^v(\d+)\.(\d+)/.exec(release) ?? [];
  return {
    major,
    minor,
    gitVersion: release,
    gitTreeState: 'clean',
    goVersion: 'go1.24.9',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}
