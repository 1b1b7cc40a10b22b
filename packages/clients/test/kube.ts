import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeApiserver } from '@vmware/simulators';
import type { Endpoint } from '../src/http/index.js';
import { creation, fixedToken, Kube, type KubeObject, type Resource } from '../src/kube/index.js';

/** Where a real kube-apiserver answers. */
export const endpointOf = ({ host, port, ca }: KubeApiserver): Endpoint => ({
  name: 'lab',
  product: 'vks',
  host,
  port,
  verifySsl: true,
  ca,
  directory: mkdtempSync(join(tmpdir(), 'kube-state-')),
});

/** A client of it, the administrator's unless another token is given. */
export const kubeTo = (server: KubeApiserver, token = server.token): Kube =>
  Kube.open(endpointOf(server), { bearer: fixedToken(token), label: 'the lab' });

export const namespaces: Resource = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
};
export const configMaps: Resource = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
};

let made = 0;

/** A namespace of its own. */
export async function newNamespace(kube: Kube): Promise<string> {
  made += 1;
  const name = `test-${made}`;
  await kube.send(creation(namespaces, undefined, { metadata: { name } }));
  return name;
}

export const newConfigMap = (
  kube: Kube,
  namespace: string,
  name: string,
  data: Readonly<Record<string, string>> = {},
): Promise<KubeObject> => kube.send(creation(configMaps, namespace, { metadata: { name }, data }));

/** A definition of a resource of `test.example` whose versions all have the same fields; the last one is stored. */
export function definitionOf(plural: string, kind: string, ...versions: readonly string[]) {
  const text = { type: 'string' };
  const spec = {
    type: 'object',
    properties: { size: { type: 'integer', minimum: 1 }, note: text },
  };
  return {
    metadata: { name: `${plural}.test.example` },
    spec: {
      group: 'test.example',
      scope: 'Namespaced',
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: versions.map((name, at) => ({
        name,
        served: true,
        storage: at === versions.length - 1,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
      })),
    },
  };
}
