// Everything CI checks besides tests: format and lint, types, unused code, generated files up to date, tokens.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const checks = [
  ['format and lint', bin('biome'), ['check', '--error-on-warnings', '.']],
  ['types', bin('tsc'), ['-p', 'tsconfig.json']],
  ['unused code', bin('knip'), []],
  ['generated files', process.execPath, ['scripts/write-docs.mjs', '--check']],
  ['vim schema', process.execPath, ['scripts/write-schema.mjs', '--check']],
  ['nsx catalogue', process.execPath, ['scripts/write-nsx-catalogue.mjs', '--check']],
  ['vcenter catalogue', process.execPath, ['scripts/write-vcenter-catalogue.mjs', '--check']],
  ['kube schemas', process.execPath, ['scripts/write-kube-schemas.mjs', '--check']],
  ['tokens', process.execPath, ['scripts/count-tokens.mjs', '--check']],
];
let failed = 0;
for (const [name, command, args] of checks) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  process.stdout.write(`${status === 0 ? 'ok  ' : 'FAIL'} ${name}\n`);
  if (status === 0) continue;
  failed += 1;
  process.stdout.write(`${stdout}${stderr}\n`);
}
process.stdout.write(`${checks.length - failed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
