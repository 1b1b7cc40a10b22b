import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { simulateNsx } from '../src/index.js';
import { domain } from './nsx-wire.js';

const run = promisify(execFile);
const python = process.env['NSX_PYTHON'] ?? 'python3';
const missing = await run(python, ['-c', 'import vcf.nsx.model_client']).then(
  () => false,
  () => true,
);
if (missing)
  process.stdout.write(
    "NSX against Broadcom's own client: skipped, no vcf-nsx (pip install vcf-nsx, and name that Python in NSX_PYTHON)\n",
  );

test.skipIf(missing)("the vendor's own client is understood, and understands", async () => {
  await using sim = await simulateNsx();
  const folder = mkdtempSync(join(tmpdir(), 'nsx-vcf-'));
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, sim.ca);
  const { username, password } = sim.credentials;
  const script = join(import.meta.dirname, 'nsx-vcf.py');
  try {
    const { stdout } = await run(python, [script, sim.url, ca, username, password]);
    expect(JSON.parse(stdout)).toEqual({
      group: [`${domain}/groups/vendor`, 0],
      members: ['192.0.2.0/24', '2001:db8::7'],
      'group changed': ['Changed', 1],
      stale: ['PRECONDITION_FAILED', 604, expect.stringContaining('has _revision 1, not 0')],
      policy: [`${domain}/security-policies/vendor`, 'Application', 77, true],
      rule: ['ALLOW', [`${domain}/groups/vendor`], 'IN', 0],
      'rule changed': true,
      rules: [['https-in', true]],
      count: [1],
      'in use': [
        'BAD_REQUEST',
        500030,
        expect.stringContaining('security-policies/vendor/rules/https-in'),
      ],
      missing: ['NOT_FOUND', 600, expect.stringContaining(`${domain}/groups/nobody`)],
      wrong: ['BAD_REQUEST', 255, expect.stringContaining('ALLOW, DROP, REJECT')],
      left: [],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  expect(sim.sessions).toMatchObject({ logins: 1, logouts: 1, open: 0 });
  // Nothing it sent is unknown to the catalogue: that would have been refused as 404 or 400.
  const made = sim.requests.filter(({ changes }) => changes).map(({ method }) => method);
  const groups = 'policy/api/v1/infra/domains/{}/groups/{}';
  expect(made.filter((route) => route === `PUT /${groups}`)).toHaveLength(3);
  expect(made.filter((route) => route === `DELETE /${groups}`)).toHaveLength(2);
});
