import { expect, test } from 'vitest';
import { read, requestsOf } from '../test/answer.js';
import { built, cli } from '../test/cli.js';
import { lab, labOn } from '../test/lab.js';
import { listVms } from './tools/vm/list-vms.js';

test('logs in to the REST API only for a tag, once, and out of both on close', async () => {
  await using vc = await lab();
  const first = await requestsOf(vc.sim, () => read(vc, listVms, { filter: 'web-*' }));
  expect(first.join('\n')).not.toMatch(/ \/(api|rest)/);
  expect(vc.sim.sessions.logins).toBe(1);
  await Promise.all(['gold', 'bronze', 'tier/silver'].map((tag) => read(vc, listVms, { tag })));
  expect(vc.sim.sessions).toMatchObject({ logins: 2, open: 2 });
  await vc.governed.close();
  expect(vc.sim.sessions).toMatchObject({ logouts: 2, open: 0 });
});

test('sessions that expired are renewed once each', async () => {
  await using vc = await lab();
  const before = await read(vc, listVms, { tag: 'gold' });
  vc.sim.sessions.expire();
  expect(await read(vc, listVms, { tag: 'gold' })).toEqual(before);
  expect(vc.sim.sessions).toMatchObject({ logins: 4, open: 2 });
});

test('a wrong password is tried once, however many listings by tag and without begin at once', async () => {
  await using vc = await lab({
    users: [{ username: 'administrator@vsphere.local', password: 'x' }],
  });
  await using wrong = labOn({ ...vc.sim, credentials: { ...vc.sim.credentials, password: 'y' } });
  const outcomes = await Promise.all(
    [{ tag: 'gold' }, {}, { tag: 'gold' }, {}].map((input) => wrong.call(listVms, input)),
  );
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({ code: expect.stringMatching(/^(AUTH_FAILED|LOGIN_PAUSED)$/) });
  expect(vc.sim.sessions).toMatchObject({ logins: 0, failedLogins: 1 });
});

test('a command that lists by tag leaves neither session behind', async () => {
  await built();
  await using vc = await lab();
  const ran = await cli(['vm', 'list', '--tag', 'tier/gold', '-o', 'name'], vc.env);
  expect(ran).toMatchObject({ exit: 0, stdout: 'web-01\nweb-02\n' });
  expect(vc.sim.sessions).toMatchObject({ logins: 2, logouts: 2, open: 0 });
});
