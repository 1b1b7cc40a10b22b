import { parseKubeconfig } from '@vmware/clients/kube';
import { expect, test } from 'vitest';
import { change, planOf } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { getSupervisorKubeconfig } from './get-supervisor-kubeconfig.js';

test('it holds a token for the Supervisor that the namespace is on, and the certificate it answers with', async () => {
  await using at = await lab();
  const given = await change(at, getSupervisorKubeconfig, { namespace: 'edge' });
  expect(given).toMatchObject({
    supervisor: 'supervisor-b',
    written_to: null,
    from: 'login service',
  });
  const text = given.kubeconfig ?? '';
  const config = await parseKubeconfig(text);
  expect(config).toMatchObject({
    server: `https://127.0.0.1:${at.sim.supervisors[1]?.port}`,
    namespace: 'edge',
    token: expect.stringMatching(/^ey/),
    ca: expect.stringContaining('BEGIN CERTIFICATE'),
  });
  expect(text).toContain('current-context: supervisor-context');
  expect(text).not.toContain('insecure-skip-tls-verify');
  expect(Date.parse(given.expires_at ?? '')).toBeGreaterThan(Date.now());
});

test('a preview logs in to nothing', async () => {
  await using at = await lab();
  const plan = await planOf(at, getSupervisorKubeconfig, { namespace: 'dev' });
  expect(plan).toMatchObject({ requests: ['POST /wcp/login'], blockers: [] });
  expect(at.sim.logins()).toBe(0);
});
