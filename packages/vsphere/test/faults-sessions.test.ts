import { join } from 'node:path';
import { simulate } from '@vmware/simulators';
import { afterAll, beforeAll, test } from 'vitest';
import { type Bundle, bundle } from '../../../test/kit/bundle.js';
import { ends, expectNoSessionLeft, expectOneAttempt } from '../../../test/kit/session-ends.js';
import { listVms } from '../src/tools/vm/list-vms.js';
import { lab, labOn } from './lab.js';

let server: Bundle;
beforeAll(async () => {
  server = await bundle(
    join(import.meta.dirname, 'faults-server.ts'),
    join(import.meta.dirname, '..'),
  );
}, 180_000);
afterAll(() => server[Symbol.dispose]());

test('50 calls at once with a wrong password make one attempt', async () => {
  await using sim = await simulate({ seed: 'lab' });
  const credentials = { ...sim.credentials, password: 'wrong' };
  await using vc = labOn({ ...sim, credentials });
  await expectOneAttempt(
    () => vc.call(listVms, {}),
    () => sim.sessions,
  );
});

test.concurrent.each(ends)(
  'after 1,000 calls a server ended by %s leaves no session behind',
  async (end) => {
    await using vc = await lab();
    await expectNoSessionLeft(
      { server, env: vc.env, tool: 'list_hosts', sessions: () => vc.sim.sessions },
      end,
    );
  },
  180_000,
);
