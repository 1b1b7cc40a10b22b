// Writes the routes and types of the vCenter REST API that the simulator knows, from the vendor's Python bindings
// (`pip install vmware-vcenter`, in the Python that WCP_PYTHON names): `node scripts/write-vcenter-catalogue.mjs`.
// With --check it writes nothing and fails when the file is not what wanted.json yields; without the bindings it says so
// and passes, since the file itself is what the tests hold to.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../packages/simulators/src/wcp');
const target = join(folder, 'catalogue.json');
const check = process.argv.includes('--check');
const python = process.env.WCP_PYTHON ?? 'python3';
const run = (...args) =>
  spawnSync(python, ['-W', 'ignore', ...args], { encoding: 'utf8', maxBuffer: 64 * 2 ** 20 });

if (run('-c', 'import com.vmware.vcenter.namespaces_client').status !== 0) {
  console.error(
    `No vmware-vcenter in ${python}: pip install it and name that Python in WCP_PYTHON to write or compare catalogue.json.`,
  );
  process.exit(check ? 0 : 1);
}
const wanted = JSON.parse(readFileSync(join(folder, 'wanted.json'), 'utf8'));
const said = run(join(import.meta.dirname, 'vcenter-catalogue.py'), ...wanted.modules);
if (said.status !== 0) {
  console.error(said.stderr);
  process.exit(1);
}
const api = JSON.parse(said.stdout);

const keyOf = ({ method, path }) => `${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`;
const byKey = new Map(api.operations.map((operation) => [keyOf(operation), operation]));
const keys = wanted.routes.flatMap((line) => {
  const [methods, path] = line.split(' ');
  return methods.split(',').map((method) => `${method} ${path}`);
});
const unknown = keys.filter((key) => !byKey.has(key));
if (unknown.length > 0) {
  console.error(`The API has no ${unknown.join(', ')}.`);
  process.exit(1);
}

/** Whether the oldest vCenter that is simulated, 7.0.3, does not have it yet. */
function isNew(version) {
  const [major = 0, minor = 0, update = 0] = (version ?? '').split('.').map(Number);
  return major * 10_000 + minor * 100 + update > 70_003;
}

/** A structure that is neither in the path nor the body is sent as one query parameter for each of its fields. */
function queryOf({ input, in_path, query, body }) {
  const parameters = {};
  for (const [name, type] of Object.entries(input)) {
    if (in_path.includes(name) || name === body) continue;
    const fields = api.types[type.replace('?', '')];
    if (query[name]) parameters[query[name]] = type;
    else if (typeof fields === 'object') Object.assign(parameters, fields);
    else throw new Error(`${name} is neither in the path, the query nor the body.`);
  }
  return parameters;
}

const routes = keys.map((key) => {
  const operation = byKey.get(key);
  const { method, input, body, output } = operation;
  return {
    method,
    path: `/api${key.split(' ')[1]}`,
    query: queryOf(operation),
    ...(body && { body: input[body] }),
    result: output,
    ...(operation.privileges.length > 0 && { privileges: operation.privileges }),
    ...(isNew(operation.since) && { since: operation.since }),
  };
});

const types = {};
const since = {};
function add(spec) {
  const name = spec.replace(/^(\[\]|\{\})*/, '').replace('?', '');
  const found = api.types[name];
  if (found === undefined || types[name] !== undefined) return;
  types[name] = typeof found === 'string' ? found : { ...found, ...dynamicOf(name, found) };
  if (typeof types[name] !== 'object') return;
  const brought = newFields(name, types[name]);
  if (Object.keys(brought).length > 0) since[name] = brought;
  for (const field of Object.values(types[name])) add(field);
}
/** The documentation writes names in lower case, whatever they are on the wire. */
function newFields(name, fields) {
  const versions = api.since[name] ?? {};
  return Object.fromEntries(
    Object.keys(fields)
      .map((field) => [field, versions[field.toLowerCase()]])
      .filter(([, version]) => isNew(version)),
  );
}
/** What a field without a type of its own holds, by wanted.json: the API names it only while it runs. */
function dynamicOf(name, found) {
  const entries = Object.entries(wanted.dynamic[name] ?? {});
  return Object.fromEntries(
    entries.map(([field, type]) => [field, found[field].replace('dynamic', type)]),
  );
}
for (const { body, query, result } of routes)
  for (const spec of [body, result, ...Object.values(query)]) if (spec) add(spec);

const lines = (table) =>
  Object.entries(table)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, fields]) => `${JSON.stringify(name)}: ${JSON.stringify(fields)}`)
    .join(',\n');
const text = `{\n"routes": [\n${routes
  .sort((a, b) => (`${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1))
  .map((route) => JSON.stringify(route))
  .join(',\n')}\n],\n"types": {\n${lines(types)}\n},\n"since": {\n${lines(since)}\n}\n}\n`;

if (check && readFileSync(target, 'utf8') !== text) {
  console.error(
    'catalogue.json is not what wanted.json yields. Run node scripts/write-vcenter-catalogue.mjs.',
  );
  process.exit(1);
}
if (!check) writeFileSync(target, text);
