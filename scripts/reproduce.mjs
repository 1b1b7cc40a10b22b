// Builds the work tree twice, here and in a copy at another path with an installation of its own, and compares the
// tarballs byte for byte. What one of them holds and the other does not is named.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const packages = ['policy', 'clients', 'simulators', 'vsphere', 'nsx-security', 'vks'];
const dir = mkdtempSync(join(tmpdir(), 'vmware-reproduce-'));
const copy = join(dir, 'elsewhere', 'tree');

const files = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
for (const file of files.split('\0').filter(Boolean)) {
  mkdirSync(dirname(join(copy, file)), { recursive: true });
  try {
    cpSync(join(root, file), join(copy, file), { verbatimSymlinks: true });
  } catch (error) {
    // Deleted in the work tree and not committed yet.
    if (error.code !== 'ENOENT') throw error;
  }
}

const pnpm = join(root, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
const env = { ...process.env, TZ: 'Pacific/Auckland', LANG: 'de_DE.UTF-8', CI: 'true' };
const run = (cwd, ...args) =>
  execFileSync(process.execPath, [pnpm, ...args], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
run(copy, 'install', '--frozen-lockfile', '--prefer-offline', '--ignore-scripts');
execFileSync(
  join(copy, 'node_modules', '.bin', 'turbo'),
  ['run', 'build', '--output-logs=errors-only'],
  {
    cwd: copy,
    env: { ...env, PATH: `${join(copy, 'node_modules', '.bin')}:${env.PATH}`, TURBO_FORCE: 'true' },
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);

/** The tarball of a package of a tree, and the SHA-256 of every file in it. */
function pack(tree, name) {
  const to = mkdtempSync(join(dir, 'packed-'));
  const out = execFileSync(process.execPath, [pnpm, 'pack', '--json', '--pack-destination', to], {
    cwd: join(tree, 'packages', name),
    encoding: 'utf8',
    env,
  });
  const file = JSON.parse(out.slice(out.indexOf('{'))).filename;
  execFileSync('tar', ['-xzf', file, '-C', to]);
  const list = execFileSync('tar', ['-tzf', file], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
  const contents = new Map(list.map((entry) => [entry, sha256(readFileSync(join(to, entry)))]));
  return { sha: sha256(readFileSync(file)), contents };
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

let passed = 0;
let failed = 0;
for (const name of packages) {
  const here = pack(root, name);
  const there = pack(copy, name);
  const different = [...new Set([...here.contents.keys(), ...there.contents.keys()])].filter(
    (file) => here.contents.get(file) !== there.contents.get(file),
  );
  const same = here.sha === there.sha;
  if (same) passed += 1;
  else failed += 1;
  process.stdout.write(
    `${same ? 'ok  ' : 'FAIL'} @vmware/${name}: the same tarball from both builds, ${here.sha.slice(0, 16)}${same ? '' : `\n     ${different.join('\n     ') || 'the same files, packed otherwise'}`}\n`,
  );
}
rmSync(dir, { recursive: true, force: true });
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
