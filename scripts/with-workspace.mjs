// Installs and builds what is missing, then runs a script: what makes `npm test` and `npm run demo` work on a
// fresh clone with nothing but Node and npm.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const env = {
  ...process.env,
  // turbo looks for the package manager there; npm run puts it there, plain node does not.
  PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  npm_config_update_notifier: 'false',
  // Where Node's headers are installed, nothing has to be downloaded to compile a native module.
  ...(existsSync('/usr/include/node/node.h') ? { npm_config_nodedir: '/usr' } : {}),
};

function run(command, args) {
  const { status, signal } = spawnSync(command, args, { cwd: root, env, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? (signal ? 130 : 1));
}

const [script, ...args] = process.argv.slice(2);
const installed = join(root, 'node_modules', '.installed');
const lock = join(root, 'pnpm-lock.yaml');
const isInstalled = existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
if (!isInstalled) {
  process.stderr.write(
    'Installing dependencies; the first time, SQLite is compiled for about 3 minutes.\n',
  );
  run('npx', [
    '--yes',
    packageManager,
    'install',
    '--frozen-lockfile',
    '--loglevel=warn',
    '--ignore-scripts=false',
  ]);
  writeFileSync(installed, '');
}
run(process.execPath, [
  join(root, 'node_modules', 'turbo', 'bin', 'turbo'),
  'run',
  'build',
  '--output-logs=errors-only',
  '--log-prefix=none',
]);
const { status } = spawnSync(process.execPath, [join(root, script), ...args], {
  cwd: root,
  env,
  stdio: 'inherit',
});
process.exit(status ?? 130);
