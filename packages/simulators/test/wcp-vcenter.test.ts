import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openSite } from '../src/wcp/open-site.js';

const run = promisify(execFile);
const python = process.env['WCP_PYTHON'] ?? 'python3';
const missing = await run(python, ['-c', 'import com.vmware.vcenter.namespaces_client']).then(
  () => false,
  () => true,
);
if (missing)
  process.stdout.write(
    "Workload Management against the vendor's own client: skipped, no vmware-vcenter (pip install vmware-vcenter, and name that Python in WCP_PYTHON)\n",
  );

test.skipIf(missing)("the vendor's own client is understood, and understands", async () => {
  await using site = await openSite({ configureMilliseconds: 50 });
  const { url, ca, credentials } = site.vcenter;
  const folder = mkdtempSync(join(tmpdir(), 'wcp-vcenter-'));
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, ca);
  const script = join(import.meta.dirname, 'wcp-vcenter.py');
  try {
    const { stdout } = await run(python, [
      '-W',
      'ignore',
      script,
      url,
      caFile,
      credentials.username,
      credentials.password,
    ]);
    expect(JSON.parse(stdout)).toEqual({
      session: credentials.username,
      supervisors: [
        ['supervisor-a', 'RUNNING', 'READY'],
        ['supervisor-b', 'RUNNING', 'READY'],
      ],
      topology: [['domain-c8']],
      conditions: ['TRUE', 'TRUE'],
      cluster: ['RUNNING', 'NSXT_CONTAINER_PLUGIN', 23],
      version: expect.stringMatching(/^v1\.30\./),
      services: ['vSphere Kubernetes Service', 'Velero vSphere Operator', 'Contour'],
      classes: {
        'best-effort-xsmall': [2, 2048, null],
        'best-effort-small': [2, 4096, null],
        'best-effort-medium': [2, 8192, null],
        'best-effort-large': [4, 16_384, null],
        'guaranteed-xsmall': [2, 2048, 100],
        'guaranteed-small': [2, 4096, 100],
        'guaranteed-medium': [2, 8192, 100],
        'guaranteed-large': [4, 16_384, 100],
      },
      policies: ['gold', 'silver'],
      libraries: [
        ['kubernetes-releases', 'SUBSCRIBED'],
        ['vm-images', 'LOCAL'],
      ],
      harbor: ['RUNNING'],
      twice: ['AlreadyExists', "Namespace 'vendor' already exists."],
      read: [
        "Made by the vendor's client",
        5000,
        [[true, 1024]],
        ['best-effort-small'],
        [['developer', 'EDIT']],
      ],
      'read by cluster': 'domain-c8',
      listed: ['dev', 'prod', 'edge', 'vendor'],
      access: 'VIEW',
      changed: ['Changed', ['sre']],
      missing: ['NotFound', "Namespace 'nobody' was not found."],
      wrong: [expect.any(String), "storage_specs[0].policy: there is no storage policy 'x'."],
      stranger: [
        expect.any(String),
        "USER 'nobody@vsphere.local' is not associated with the namespace.",
      ],
      left: ['dev', 'prod', 'edge'],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const { sessions, requests } = site.vcenter;
  expect(sessions).toMatchObject({ logins: 1, logouts: 1, open: 0 });
  expect(requests.filter(({ changes }) => changes).map(({ method }) => method)).toEqual([
    'POST /api/vcenter/namespaces/instances/v2',
    'POST /api/vcenter/namespaces/instances/v2',
    'PATCH /api/vcenter/namespaces/instances/{}',
    'POST /api/vcenter/namespaces/instances/{}/access/{}/{}',
    'DELETE /api/vcenter/namespaces/instances/{}/access/{}/{}',
    'PATCH /api/vcenter/namespaces/instances/{}',
    'DELETE /api/vcenter/namespaces/instances/{}/access/{}/{}',
    'DELETE /api/vcenter/namespaces/instances/{}',
  ]);
});
