// Writes the VIM schema tables from govmomi's generated types (needs Go): `node scripts/write-schema.mjs`.
// With --check it writes nothing and fails when a table is not what its wanted.json yields.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folders = ['packages/clients/src/vim', 'packages/simulators/src/vcenter'];

const wanted = folders.map((folder) =>
  JSON.parse(readFileSync(join(root, folder, 'wanted.json'), 'utf8')),
);
const vimschema = spawnSync('go', ['run', './cmd/vimschema'], {
  cwd: join(root, 'packages/simulators/vcsim'),
  input: JSON.stringify(wanted),
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
if (vimschema.error) {
  console.error(`The schema needs Go, which could not be started: ${vimschema.error.message}`);
  console.error('Install Go 1.25 or newer, then run node scripts/write-schema.mjs again.');
  process.exit(1);
}
if (vimschema.status !== 0) {
  console.error(vimschema.stderr.trim());
  process.exit(1);
}

const drifted = JSON.parse(vimschema.stdout).filter((schema, at) => {
  const path = join(root, folders[at], 'schema.json');
  const text = layOut(schema);
  if (process.argv.includes('--check')) return read(path) !== text;
  writeFileSync(path, text);
  return false;
});
if (drifted.length > 0) {
  console.error(
    'A schema.json is not what its wanted.json yields. Run node scripts/write-schema.mjs.',
  );
  process.exit(1);
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** One method, type and property a line, sorted, so that a difference reads well. */
function layOut({ methods, types, enums, objects }) {
  const table = (entries, indent) =>
    Object.keys(entries)
      .sort()
      .map((key) => `${indent}${JSON.stringify(key)}: ${JSON.stringify(entries[key])}`)
      .join(',\n');
  const managed = Object.keys(objects)
    .sort()
    .map((name) => `    ${JSON.stringify(name)}: {\n${table(objects[name], '      ')}\n    }`)
    .join(',\n');
  return `{
  "methods": {\n${table(methods, '    ')}\n  },
  "types": {\n${table(types, '    ')}\n  },
  "enums": ${JSON.stringify(enums)},
  "objects": {\n${managed}\n  }
}\n`;
}
