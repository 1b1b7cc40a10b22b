import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type VcsimOptions, vcsim } from '@vmware/simulators';
import { expect, onTestFinished, test } from 'vitest';
import { Vim } from './client.js';
import { findVm } from './find-vm.js';
import { inventoryPaths } from './inventory-path.js';
import { properties, retrieve } from './property-collector.js';
import { awaitTask } from './task.js';
import type { Ref } from './types.js';

// The first use on a machine builds it.
const timeout = 300_000;

/** A client of govmomi's simulator, an implementation that is not ours; skips where there is none. */
async function open(options: VcsimOptions, skip: (note: string) => never): Promise<Vim> {
  const server = await vcsim(options);
  if ('skipped' in server) return skip(server.skipped);
  const { host, port, thumbprint, credentials } = server;
  const directory = mkdtempSync(join(tmpdir(), 'vcsim-state-'));
  const vim = Vim.open(
    { name: 'vcsim', product: 'vsphere', host, port, verifySsl: true, thumbprint, directory },
    { credentials: async () => credentials },
  );
  onTestFinished(async () => {
    await vim.close();
    await server[Symbol.asyncDispose]();
  });
  return vim;
}

test('lists, finds and describes the machines of a vcsim', { timeout }, async ({ skip }) => {
  const vim = await open({ vms: 6, apiVersion: '8.0.3.0' }, skip);
  const refs: Ref[] = [];
  const paths = ['name', 'runtime.powerState', 'config.hardware.memoryMB', 'network'];
  for await (const { ref, props } of retrieve(vim, {
    type: 'VirtualMachine',
    paths,
    pageSize: 4,
  })) {
    expect(props).toMatchObject({
      name: expect.any(String),
      'runtime.powerState': expect.stringMatching(/^powered/),
      'config.hardware.memoryMB': expect.any(Number),
      network: [{ type: expect.any(String), value: expect.any(String) }],
    });
    refs.push(ref);
  }
  expect(refs).toHaveLength(6);
  const [ref = { type: '', value: '' }] = refs;
  const path = (await inventoryPaths(vim, refs)).get(ref.value) ?? '';
  const { props } = await properties(vim, ref, ['name', 'config.instanceUuid']);
  for (const word of [path, ref.value, String(props['name']), String(props['config.instanceUuid'])])
    expect((await findVm(vim, word)).ref).toEqual(ref);
  await expect(findVm(vim, `${props['name']}x`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('runs tasks of a vcsim to their end, one beside another', { timeout }, async ({ skip }) => {
  const vim = await open({ vms: 3 }, skip);
  const refs: Ref[] = [];
  for await (const { ref } of retrieve(vim, { type: 'VirtualMachine', paths: ['name'] }))
    refs.push(ref);
  const run = async (method: string, ref: Ref, args = {}) =>
    awaitTask<Ref | undefined>(vim, await vim.call<Ref>(method, ref, args));
  await Promise.all(refs.map((ref) => run('PowerOffVM_Task', ref)));
  for (const ref of refs) {
    const { props } = await properties(vim, ref, ['runtime.powerState']);
    expect(props['runtime.powerState']).toBe('poweredOff');
  }
  const [ref = { type: '', value: '' }] = refs;
  await expect(run('PowerOffVM_Task', ref)).rejects.toMatchObject({ code: 'INVALID_POWER_STATE' });
  const snapshot = await run('CreateSnapshot_Task', ref, {
    name: 's',
    memory: false,
    quiesce: false,
  });
  expect(snapshot?.type).toBe('VirtualMachineSnapshot');
  await run('Rename_Task', ref, { newName: 'renamed & <new>' });
  expect((await findVm(vim, 'renamed & <new>')).ref).toEqual(ref);
});

test('notices a session that a vcsim has let expire, and logs in once more', { timeout }, async ({
  skip,
}) => {
  const vim = await open({ vms: 2, sessionTimeout: '1s' }, skip);
  const names = async () => {
    const found: unknown[] = [];
    for await (const { props } of retrieve(vim, { type: 'VirtualMachine', paths: ['name'] }))
      found.push(props['name']);
    return found;
  };
  const before = await names();
  const { key } = await vim.identity();
  await new Promise((done) => setTimeout(done, 2_500));
  expect(await names()).toEqual(before);
  expect(before).not.toContain(undefined);
  expect((await vim.identity()).key).not.toBe(key);
});
