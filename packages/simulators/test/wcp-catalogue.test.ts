import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as shapes from '../../clients/src/wcp/types.js';
import { findOperation, nameOf, operations, types } from '../src/wcp/catalogue.js';
import { handlers } from '../src/wcp/handlers/index.js';

const packages = join(import.meta.dirname, '../..');

/** Files below a folder of a package that are no tests. */
const sourcesIn = (folder: string): string[] =>
  readdirSync(join(packages, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(packages, folder, name), 'utf8'));

/** Request targets in sources: what is put in for an id is an id, and what is built on in a variable goes on. */
function targetsIn(sources: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const source of sources)
    for (const [, text = ''] of source.matchAll(/[`'"](\/api\/(?:vcenter|content)[^`'"?]*)/g))
      found.add(text.replaceAll(/\$\{[^}]*\}/g, 'x'));
  return found;
}

test('every operation of the catalogue is answered, and nothing beside it', () => {
  const doors = ['POST /api/session', 'DELETE /api/session'];
  const names = operations.map(nameOf).filter((name) => !doors.includes(name));
  expect(Object.keys(handlers).sort()).toEqual(names.sort());
});

test('every path that the clients and the tools use is in the catalogue', () => {
  const targets = targetsIn([...sourcesIn('clients/src/wcp'), ...sourcesIn('vks/src')]);
  expect(targets.size).toBeGreaterThan(10);
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  const unknown = [...targets].filter(
    (target) => !methods.some((method) => findOperation(method, target, '9.0.0')),
  );
  expect(unknown).toEqual([]);
});

/** A JSON schema, as far as it is looked at. */
interface Schema {
  readonly type?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}

/** Fields that a schema reads and a type of the catalogue does not have: `devices.vgpu`. */
function strangers(schema: Schema, spec: string, at = ''): string[] {
  const options = schema.anyOf ?? [];
  const inner = options.find(({ type }) => type !== 'null');
  if (inner) return strangers(inner, spec, at);
  const name = spec.replace(/\?$/, '');
  if (schema.items) return strangers(schema.items, name.replace(/^\[\]/, ''), at);
  const type = types[name];
  if (!schema.properties || typeof type !== 'object') return [];
  return Object.entries(schema.properties).flatMap(([field, below]) => {
    const place = at === '' ? field : `${at}.${field}`;
    const spelt = type[field];
    return spelt === undefined ? [place] : strangers(below, spelt, place);
  });
}

const read = {
  'GET /api/vcenter/namespace-management/supervisors/summaries': shapes.supervisorSummaries,
  'GET /api/vcenter/namespace-management/supervisors/{}/topology': shapes.supervisorTopology,
  'GET /api/vcenter/namespace-management/clusters/{}': shapes.clusterInfo,
  'GET /api/vcenter/namespace-management/software/clusters/{}': shapes.softwareInfo,
  'GET /api/vcenter/namespaces/instances/v2': shapes.namespaceSummaries,
  'GET /api/vcenter/namespaces/instances/v2/{}': shapes.namespaceInfo,
  'GET /api/vcenter/storage/policies': shapes.storagePolicies,
  'GET /api/vcenter/namespace-management/virtual-machine-classes': shapes.vmClasses,
  'GET /api/vcenter/content/registries/harbor': shapes.harborRegistries,
  'GET /api/vcenter/content/registries/harbor/{}': shapes.harborInfo,
  'GET /api/vcenter/namespace-management/supervisor-services': shapes.services,
  'GET /api/vcenter/namespace-management/clusters/{}/supervisor-services': shapes.installedServices,
  'GET /api/content/library/{}': shapes.library,
  'GET /api/content/library': shapes.ids,
};

/** How some servers spell what the vendor's bindings spell otherwise. */
const alsoSpelt = [
  'memory_mb',
  'devices.dynamic_direct_path_io_devices',
  'devices.direct_path_io_devices',
];

test.each(Object.entries(read))('what the client reads of %s, the API has', (name, shape) => {
  const operation = operations.find((each) => nameOf(each) === name);
  const schema = shape.toJSONSchema({ io: 'input' }) as Schema;
  const unknown = strangers(schema, operation?.result ?? '');
  expect(unknown.filter((field) => !alsoSpelt.includes(field))).toEqual([]);
});

test('a field that the API does not have would be noticed', () => {
  const schema = shapes.storagePolicies.toJSONSchema({ io: 'input' }) as Schema;
  expect(strangers(schema, '[]content.registries.harbor.storage_info')).toEqual([
    'name',
    'description',
  ]);
});
