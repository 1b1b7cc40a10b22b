// Writes what is derived from the cards: surface.json of each package, and tool tables between markers in
// READMEs and skills. With --check it writes nothing and fails when something is out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nsxSecurity } from '@vmware/nsx-security';
import { describe, records, toolTable } from '@vmware/policy/docs';
import { vks } from '@vmware/vks';
import { vsphere } from '@vmware/vsphere';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');
const stale = [];

/** One line per tool keeps diffs readable: a changed schema is a changed line. */
function surfaceText(surface) {
  const { tools, ...rest } = surface;
  const lines = tools.map((tool) => `    ${JSON.stringify(tool)}`).join(',\n');
  const head = JSON.stringify(rest, null, 2).slice(0, -2);
  return `${head},\n  "tools": [\n${lines}\n  ]\n}\n`;
}

function put(path, text) {
  const file = join(root, path);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (before === text) return;
  stale.push(path);
  if (!check) writeFileSync(file, text);
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function putBetween(path, name, text) {
  const file = join(root, path);
  const before = readFileSync(file, 'utf8');
  const pattern = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!pattern.test(before)) throw new Error(`${path} has no <!-- ${name} --> … <!-- /${name} -->`);
  put(
    path,
    before.replace(pattern, (_, open, close) => `${open}${text}\n${close}`),
  );
}

/** Each surface, and the texts that hold its tool table. */
const surfaces = {
  vsphere: [
    describe(vsphere),
    ['packages/vsphere/README.md', 'skills/vmware-vsphere/references/tools.md'],
  ],
  'nsx-security': [
    describe(nsxSecurity),
    ['packages/nsx-security/README.md', 'skills/vmware-nsx-security/references/tools.md'],
  ],
  vks: [describe(vks), ['packages/vks/README.md', 'skills/vmware-vks/references/tools.md']],
  policy: [
    describe(records({ dir: '' })),
    ['packages/policy/README.md', 'skills/vmware-policy/references/audit.md'],
  ],
};
for (const [name, [surface, files]] of Object.entries(surfaces)) {
  put(`packages/${name}/surface.json`, surfaceText(surface));
  for (const file of files) putBetween(file, 'tools', `\n${toolTable(surface)}\n`);
}

/** One line for each package: what it is for, and how many tools it has. */
const packages = Object.entries(surfaces).map(
  ([name, [{ name: program, title, tools }]]) =>
    `| [\`@vmware/${name}\`](packages/${name}/README.md) | \`vmware-${program}\` | ${title.replace(/^(VMware \w+( \w+)?|vSphere Kubernetes Service): /, '')} | ${tools.length} |`,
);
putBetween(
  'README.md',
  'packages',
  `\n${['| Package | Program | What for | Tools |', '|---|---|---|---|', ...packages].join('\n')}\n`,
);

if (stale.length > 0) {
  process.stdout.write(`${check ? 'Out of date' : 'Wrote'}: ${stale.join(', ')}\n`);
  if (check) {
    process.stdout.write('Run `npm run docs` and commit what it writes.\n');
    process.exit(1);
  }
}
