import { expect, test } from 'vitest';
import { lab } from '../../test/vcenter.js';
import { Vim } from './client.js';
import { properties, retrieve } from './property-collector.js';

const vm = (there: Awaited<ReturnType<typeof lab>>, name: string) => ({
  type: 'VirtualMachine',
  value: there.vcenter.inventory.find('vm', name)?.id ?? '',
});

test('the version of a vCenter is told without a login', async () => {
  await using there = await lab();
  const { about } = await there.vim.content();
  expect(about).toMatchObject({ apiType: 'VirtualCenter', apiVersion: '8.0.3.0' });
  expect(there.vcenter.sessions.logins).toBe(0);
});

test('logs in when first needed and logs out on close', async () => {
  await using there = await lab();
  expect(there.vcenter.requests).toHaveLength(0);
  const { props } = await properties(there.vim, vm(there, 'web-01'), ['name']);
  expect(props['name']).toBe('web-01');
  expect(there.vcenter.sessions.open).toBe(1);
  await there.vim.close();
  expect(there.vcenter.sessions.open).toBe(0);
  expect(there.vcenter.sessions.logouts).toBe(1);
});

test('fifty first calls at once share one login', async () => {
  await using there = await lab();
  const ref = vm(there, 'web-01');
  await Promise.all(Array.from({ length: 50 }, () => properties(there.vim, ref, ['name'])));
  expect(there.vcenter.sessions.logins).toBe(1);
});

test('fifty reads whose session has expired share one new login and all succeed', async () => {
  await using there = await lab();
  const ref = vm(there, 'web-01');
  await properties(there.vim, ref, ['name']);
  there.vcenter.sessions.expire();
  const rows = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      i % 2
        ? properties(there.vim, ref, ['name', 'runtime.powerState'])
        : there.vim.read(async ({ call, content }) => {
            const time = await call('CurrentTime', {
              type: 'ServiceInstance',
              value: 'ServiceInstance',
            });
            return { props: { name: 'web-01', time, root: content.rootFolder } };
          }),
    ),
  );
  expect(rows.every(({ props }) => props['name'] === 'web-01')).toBe(true);
  expect(there.vcenter.sessions.logins).toBe(2);
});

test('an expired session hidden in missingSet is noticed and the walk begun again', async () => {
  await using there = await lab();
  const names = async () => {
    const found: unknown[] = [];
    for await (const { props } of retrieve(there.vim, { type: 'VirtualMachine', paths: ['name'] }))
      found.push(props['name']);
    return found.sort();
  };
  const before = await names();
  there.vcenter.sessions.expire();
  expect(await names()).toEqual(before);
  expect(before.length).toBeGreaterThan(20);
  expect(before).not.toContain(undefined);
  expect(there.vcenter.sessions.logins).toBe(2);
});

test('a change on an expired session is not repeated', async () => {
  await using there = await lab();
  const ref = vm(there, 'db-02');
  await properties(there.vim, ref, ['name']);
  there.vcenter.sessions.expire();
  await expect(there.vim.call('PowerOffVM_Task', ref)).rejects.toMatchObject({
    code: 'SESSION_LOST',
    effect: 'none',
    retryable: true,
  });
  expect(there.count('PowerOffVM_Task')).toBe(1);
  await there.vim.call('PowerOffVM_Task', ref);
});

test('a wrong password is tried once, and the account is not locked', async () => {
  await using there = await lab({}, 'wrong');
  const ref = vm(there, 'web-01');
  const tries = Array.from({ length: 10 }, () => properties(there.vim, ref, ['name']));
  for (const one of await Promise.allSettled(tries))
    expect(one).toMatchObject({ reason: { code: 'AUTH_FAILED' } });
  await expect(properties(there.vim, ref, ['name'])).rejects.toMatchObject({
    code: 'LOGIN_PAUSED',
    remedy: expect.stringContaining('doctor --reset-login lab'),
  });
  await using another = Vim.open(there.endpoint, {
    credentials: async () => there.vcenter.credentials,
  });
  await expect(another.identity()).rejects.toMatchObject({ code: 'LOGIN_PAUSED' });
  expect(there.vcenter.sessions.failedLogins).toBe(1);
  expect(there.vcenter.sessions.locked(there.vcenter.credentials.username)).toBe(false);
});

test.each([['before-acting'], ['after-acting']] as const)(
  'a change whose connection closes %s is unknown and sent once',
  async (drop) => {
    await using there = await lab();
    there.fail('PowerOffVM_Task', { drop });
    await expect(there.vim.call('PowerOffVM_Task', vm(there, 'db-02'))).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      effect: 'unknown',
      retryable: false,
    });
    expect(there.count('PowerOffVM_Task')).toBe(1);
  },
);

test('a change whose answer is cut in the middle is unknown', async () => {
  await using there = await lab();
  there.fail('PowerOffVM_Task', { cutAfterBytes: 60 });
  await expect(there.vim.call('PowerOffVM_Task', vm(there, 'db-02'))).rejects.toMatchObject({
    effect: 'unknown',
  });
});

test('a read whose connection closes is repeated', async () => {
  await using there = await lab();
  there.fail('RetrievePropertiesEx', { drop: 'before-acting' });
  const { props } = await properties(there.vim, vm(there, 'web-01'), ['name']);
  expect(props['name']).toBe('web-01');
  expect(there.count('RetrievePropertiesEx')).toBe(2);
});

test('a proxy that answers in place of vCenter is reported as such', async () => {
  await using there = await lab();
  there.fail('PowerOffVM_Task', { status: 502 });
  await expect(there.vim.call('PowerOffVM_Task', vm(there, 'db-02'))).rejects.toMatchObject({
    code: 'UPSTREAM',
    effect: 'unknown',
    details: { status: 502 },
  });
});

test('what the account may not do is refused by name of the privilege', async () => {
  const users = [{ username: 'viewer', password: 'pw', role: 'readonly' as const }];
  await using there = await lab({ users });
  const failure = await there.vim
    .call('PowerOffVM_Task', vm(there, 'db-02'))
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'NO_PERMISSION',
    details: { fault: 'NoPermission', privilegeId: 'VirtualMachine.Interact.PowerOff' },
  });
});

test('a server that does not answer ends with the caller’s signal', async () => {
  await using there = await lab();
  await there.vim.identity();
  there.fail('CurrentTime', 'hang');
  const on = { type: 'ServiceInstance', value: 'ServiceInstance' };
  const signal = AbortSignal.timeout(100);
  await expect(
    there.vim.read(({ call }) => call('CurrentTime', on), { signal }),
  ).rejects.toMatchObject({ code: 'TIMEOUT', effect: 'none' });
});
