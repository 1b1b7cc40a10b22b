import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { type Bundle, bundle } from '../../../test/kit/bundle.js';
import { ends, expectNoSessionLeft, expectOneAttempt } from '../../../test/kit/session-ends.js';
import { listNamespaces } from '../src/tools/namespace/list-namespaces.js';
import { lab } from './lab.js';

let server: Bundle;
beforeAll(async () => {
  server = await bundle(
    join(import.meta.dirname, 'faults-server.ts'),
    join(import.meta.dirname, '..'),
  );
}, 180_000);
afterAll(() => server[Symbol.dispose]());

test('50 calls at once with a wrong password make one attempt', async () => {
  const as = { username: 'administrator@vsphere.local', password: 'wrong' };
  await using at = await lab({ as });
  await expectOneAttempt(
    () => at.call(listNamespaces, {}),
    () => at.sim.vcenter.sessions,
  );
});

test.concurrent.each(ends)(
  'after 1,000 calls a server ended by %s leaves no session behind',
  async (end) => {
    await using at = await lab();
    await expectNoSessionLeft(
      { server, env: at.env, tool: 'list_namespaces', sessions: () => at.sim.vcenter.sessions },
      end,
    );
  },
  180_000,
);
