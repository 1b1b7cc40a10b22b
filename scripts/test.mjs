// Runs the tests, or with --proofs the long ones, and ends with `N passed, N failed`. Other arguments go to vitest:
// `npm test -- packages/policy`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** What our programs keep in a HOME: a test that leaves or changes any of it in the real one fails the run. */
const realState = () =>
  readdirSync(homedir())
    .filter((name) => name.startsWith('.vmware'))
    .flatMap((name) =>
      readdirSync(join(homedir(), name)).map((file) => {
        const { mtimeMs, size } = statSync(join(homedir(), name, file));
        return `${name}/${file} ${mtimeMs} ${size}`;
      }),
    )
    .sort()
    .join('\n');

const words = process.argv.slice(2);
const isProving = words[0] === '--proofs';
const before = realState();
const dir = mkdtempSync(join(tmpdir(), 'vmware-tests-'));
const report = join(dir, 'report.json');
const vitest = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs');
const args = [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...words.slice(isProving ? 1 : 0),
];
// A HOME that does not exist: what a test leaves in it would be noticed.
const env = { ...process.env, HOME: join(dir, 'no-home'), PROOFS: isProving ? '1' : '0' };
const { status } = spawnSync(process.execPath, [vitest, ...args], { stdio: 'inherit', env });
let passed = 0;
let failed = status === 0 ? 0 : 1;
try {
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  passed = numPassedTests;
  failed = Math.max(
    numFailedTests,
    numFailedTestSuites > 0 && numFailedTests === 0 ? numFailedTestSuites : 0,
    failed && numFailedTests === 0 ? 1 : 0,
  );
} catch {
  process.stderr.write('vitest wrote no report.\n');
}
if (realState() !== before) {
  process.stdout.write(`A test touched the real HOME: ${homedir()}/.vmware*\n`);
  failed += 1;
}
rmSync(dir, { recursive: true, force: true });
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
