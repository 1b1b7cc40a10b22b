// Writes the NSX routes and types that the simulator knows, from the API data in $NSX_API (../shared/nsx-api when
// unset): `node scripts/write-nsx-catalogue.mjs`. With --check it writes nothing and fails when the file is not what
// wanted.json yields; without the data it says so and passes, since the file itself is what the tests hold to.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const source = process.env.NSX_API ?? join(root, '../shared/nsx-api');
const folder = join(root, 'packages/simulators/src/nsx');
const target = join(folder, 'catalogue.json');
const check = process.argv.includes('--check');

if (!existsSync(source)) {
  console.error(`No NSX API data at ${source}: set NSX_API to write or compare catalogue.json.`);
  process.exit(check ? 0 : 1);
}
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const wanted = read(join(folder, 'wanted.json'));
const operations = read(join(source, 'endpoints-all.json'));
const current = read(join(source, 'models-nsx42.json')).types;
const older = read(join(source, 'models-nsxt32.json')).types;

const project = '/policy/api/v1/orgs/{}/projects/{}';
const infras = ['/policy/api/v1/infra', `${project}/infra`, '/global-manager/api/v1/global-infra'];
const bases = {
  scoped: [...infras.map((infra) => `${infra}/domains/{}`), `${project}/vpcs/{}`],
  infra: infras,
  vpc: [`${project}/vpcs/{}`],
  absolute: [''],
};

const keyOf = ({ method, path, fixed_query }) =>
  `${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}${fixed_query ? `?${fixed_query}` : ''}`;
const byKey = new Map();
for (const operation of operations) {
  const key = keyOf(operation);
  const seen = byKey.get(key);
  // The Global Manager's objects are also read through a local manager; its own API is the one we mean.
  if (!seen || (operation.api === 'nsxt-gm' && key.includes('/global-manager/')))
    byKey.set(key, operation);
}

const routes = [];
const unknown = [];
for (const [kind, entries] of Object.entries(bases))
  for (const line of wanted[kind])
    for (const method of line.split(' ')[0].split(',')) {
      const suffix = line.slice(line.indexOf(' ') + 1);
      const found = entries.map((base) => byKey.get(`${method} ${base}${suffix}`)).filter(Boolean);
      if (found.length === 0) unknown.push(`${method} ${suffix}`);
      for (const operation of found) routes.push(routeOf(operation));
    }
if (unknown.length > 0) {
  console.error(`The API has no ${unknown.join(', ')}.`);
  process.exit(1);
}

function routeOf(operation) {
  const { method, path, fixed_query, query, body_type, result, status } = operation;
  return {
    method,
    path: path.replaceAll(/\{[^}]*\}/g, '{}'),
    ...(fixed_query && { fixed: fixed_query }),
    query: Object.fromEntries(
      Object.entries(query).map(([name, { type, required }]) => [
        name,
        required ? `${type}!` : type,
      ]),
    ),
    ...(body_type && { body: body_type }),
    result,
    status,
  };
}

/** `string<=255`, `int`, `boolean`, `[]Tag<=30`, `A|B|C`: what a field may hold, in one string. */
function fieldOf({ type, enum: values, maxLen, minLen, min, max }) {
  const plain = type
    .replace(/^IList<(.*)>$/, '[]$1')
    .replace(/^\[\](string|object|long|int|bool)$/, (_, inner) => `[]${simple(inner)}`);
  const list = plain.startsWith('[]');
  const name = simple(plain.replace('[]', '').replace(/Type$/, ''));
  const base = values ? values.join('|') : name;
  const size = maxLen ?? max;
  return `${list ? '[]' : ''}${base}${minLen ? `>=${minLen}` : min !== undefined ? `>=${min}` : ''}${size === undefined ? '' : `<=${size}`}`;
}
const simple = (name) =>
  ({ long: 'int', bool: 'boolean', enum: 'string', double: 'number', float: 'number' })[name] ??
  name;

function fieldsOf(name) {
  if (current[name])
    return Object.fromEntries(
      Object.entries(current[name]).map(([field, spec]) => [field, fieldOf(spec)]),
    );
  const found = older[`policy:${name}`] ?? older[`manager:${name}`];
  if (!found) return undefined;
  const base = ['PolicyConfigResource', 'ManagedResource'].includes(found.extends)
    ? fieldsOf('Group')
    : found.extends
      ? fieldsOf(found.extends)
      : {};
  const own = Object.fromEntries(
    Object.entries(found.fields).map(([field, spec]) => [field, fieldOf(spec)]),
  );
  if (found.extends === 'PolicyConfigResource' || found.extends === 'ManagedResource')
    for (const field of ['expression', 'extended_expression', 'group_type', 'reference', 'state'])
      delete base[field];
  return { ...base, ...own };
}

const types = {};
const add = (name) => {
  if (types[name]) return;
  const fields = fieldsOf(name);
  if (!fields) return;
  types[name] = fields;
  for (const field of Object.values(fields)) {
    const inner = field.replace('[]', '').replace(/[<>]=.*$/, '');
    if (/^[A-Z][A-Za-z0-9]+$/.test(inner)) add(inner);
  }
};
for (const { body } of routes) if (body) add(body);
for (const name of wanted.types) {
  add(name);
  if (!types[name]) console.error(`No model of ${name}.`);
}
// Fields that the documentation has and the model files lack, on top of what every policy object carries.
for (const [name, fields] of Object.entries(wanted.documented))
  types[name] = { ...types.PolicyExcludeList, ...types[name], ...fields, members: undefined };
const unwanted = ['ResourceLink', 'SelfResourceLink', 'ChildPolicyConfigResource'];
for (const name of unwanted) delete types[name];

const sorted = (entries) =>
  entries.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
const unique = [
  ...new Map(
    routes.map((route) => [`${route.path} ${route.method} ${route.fixed ?? ''}`, route]),
  ).values(),
];
const text = `{\n"routes": [\n${sorted(unique.map((route) => JSON.stringify(route))).join(',\n')}\n],\n"types": {\n${sorted(
  Object.entries(types).map(
    ([name, fields]) => `${JSON.stringify(name)}: ${JSON.stringify(fields)}`,
  ),
).join(',\n')}\n}\n}\n`;

if (check && readFileSync(target, 'utf8') !== text) {
  console.error(
    'catalogue.json is not what wanted.json yields. Run node scripts/write-nsx-catalogue.mjs.',
  );
  process.exit(1);
}
if (!check) writeFileSync(target, text);
