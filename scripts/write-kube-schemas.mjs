// Writes the shapes of the Kubernetes kinds that the simulator serves, from the custom resource definitions in the Go
// modules that wanted.json names: `node scripts/write-kube-schemas.mjs`. With --check it writes nothing and fails when
// the file is not what wanted.json yields; without Go or the modules it says so and passes.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'packages/simulators/src/kube');
const target = join(folder, 'schema.json');
const check = process.argv.includes('--check');
const { parse } = createRequire(join(root, 'packages/policy/package.json'))('yaml');
const wanted = JSON.parse(readFileSync(join(folder, 'wanted.json'), 'utf8'));

function fetched(module) {
  try {
    const answer = execFileSync('go', ['mod', 'download', '-json', module], {
      cwd: join(root, 'packages/simulators/vcsim'),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(answer).Dir;
  } catch {
    console.error(
      `No Go module ${module}: install Go and let it download to write or compare schema.json.`,
    );
    process.exit(check ? 0 : 1);
  }
}

const facts = [
  'type',
  'required',
  'enum',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'default',
  'nullable',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-int-or-string',
];

/** What a value may be, without a word of prose; a subtree that is dropped may be anything. */
function shapeOf(schema, path) {
  if (wanted.dropped.includes(path))
    return { type: schema.type, 'x-kubernetes-preserve-unknown-fields': true };
  const shape = {};
  for (const fact of facts) if (schema[fact] !== undefined) shape[fact] = schema[fact];
  if (schema.properties)
    shape.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, inner]) => [
        name,
        shapeOf(inner, `${path}.${name}`),
      ]),
    );
  if (schema.items) shape.items = shapeOf(schema.items, `${path}[]`);
  if (schema.additionalProperties)
    shape.additionalProperties =
      schema.additionalProperties === true
        ? true
        : shapeOf(schema.additionalProperties, `${path}.*`);
  return shape;
}

const lines = [];
for (const [module, { folder: bases, kinds }] of Object.entries(wanted.modules)) {
  const dir = fetched(module);
  for (const [file, versions] of Object.entries(kinds)) {
    const { spec } = parse(readFileSync(join(dir, bases, `${file}.yaml`), 'utf8'));
    for (const name of versions) {
      const version = spec.versions.find((entry) => entry.name === name && entry.served);
      if (!version) throw new Error(`${module} does not serve ${file} ${name}.`);
      lines.push({
        group: spec.group,
        version: name,
        kind: spec.names.kind,
        plural: spec.names.plural,
        shortNames: spec.names.shortNames ?? [],
        namespaced: spec.scope === 'Namespaced',
        subresources: Object.keys(version.subresources ?? {}),
        ...(version.deprecated && { deprecated: true }),
        schema: shapeOf(version.schema.openAPIV3Schema, spec.names.kind),
      });
    }
  }
}
const text = `[\n${lines.map((line) => JSON.stringify(line)).join(',\n')}\n]\n`;

if (check && readFileSync(target, 'utf8') !== text) {
  console.error(
    'schema.json is not what wanted.json yields. Run node scripts/write-kube-schemas.mjs.',
  );
  process.exit(1);
}
if (!check) writeFileSync(target, text);
