import type { Tool } from '@vmware/policy';
import { expect } from 'vitest';
import type { VsphereClients } from '../src/define.js';
import { vmOf } from './answer.js';
import { changesAt, type Lab, lab } from './lab.js';

type AnyTool = Tool<VsphereClients>;
type Input = Readonly<Record<string, unknown>>;

/** A change that has no seal yet: what stops it stops it before consent is asked for. */
const doIt = { dryRun: false, confirmed: true };

/** Expects a call to be stopped with this code, and nothing to have been changed. Resolves to what was said. */
export async function expectStopped(
  vc: Awaited<ReturnType<typeof lab>>,
  tool: AnyTool,
  input: Input,
  code: string,
): Promise<{ message: string; remedy: string; details?: Record<string, unknown> }> {
  const before = changesAt(vc.sim).length;
  const outcome = await vc.call(tool, input as never, tool.effect === 'read' ? {} : doIt);
  expect(outcome).toMatchObject({ code, remedy: expect.stringMatching(/\w/) });
  expect(changesAt(vc.sim)).toHaveLength(before);
  return outcome as never;
}

/** A name that several VMs have, one that none has, and one that is nearly right. */
export async function expectOneVm(tool: AnyTool, rest: Input = {}): Promise<void> {
  await using vc = await lab();
  const ids = vc.sim.inventory
    .all('vm')
    .filter(({ name }) => name === 'db-01')
    .map(({ id }) => id);
  const twins = await expectStopped(vc, tool, { ...rest, name: 'db-01' }, 'AMBIGUOUS');
  expect(twins.details).toEqual({
    candidates: [
      { path: '/Lab/vm/prod/data/db-01', id: ids[0] },
      { path: '/Lab/vm/test/data/db-01', id: ids[1] },
    ],
  });
  for (const id of ids) expect(twins.message).toContain(id);
  const typo = await expectStopped(vc, tool, { ...rest, name: 'ap-01' }, 'NOT_FOUND');
  expect(typo.remedy).toContain('app-01');
  await expectStopped(vc, tool, { ...rest, name: 'vm-99999' }, 'NOT_FOUND');
}

/** A VM that waits for an answer, and one whose host does not respond. */
export async function expectSteadyVm(
  tool: AnyTool,
  input: Input,
  prepare: (vc: Lab) => Promise<unknown> = async () => {},
): Promise<void> {
  await using vc = await lab();
  await prepare(vc);
  const vm = vmOf(vc.sim, String(input['name']));
  vc.sim.inventory.change(vm, { question: 'Did you move it or copy it?' });
  const asks = await expectStopped(vc, tool, input, 'BLOCKED');
  expect(asks.message).toContain('Did you move it or copy it?');
  delete vm.question;
  vc.sim.inventory.change(vm, { connection: 'disconnected' });
  const gone = await expectStopped(vc, tool, input, 'BLOCKED');
  expect(gone.message).toContain(`${vm.name} is disconnected`);
}

const account = { username: 'agent@vsphere.local', password: 'Simulated-2!' };

/** The privileges a card names are enough, and without them the server's refusal names privilege and object. */
export async function expectPrivileges(
  tool: AnyTool,
  input: Input,
  missing: string,
): Promise<void> {
  const privileges = tool.privileges ?? [];
  expect(privileges).toContain(missing);
  {
    await using vc = await lab({ users: [{ ...account, privileges }] });
    expect(await vc.change(tool, input as never)).toMatchObject({ status: 'done' });
  }
  await using vc = await lab({ users: [{ ...account, role: 'readonly' }] });
  const preview = await vc.call(tool, input as never);
  expect(preview).toMatchObject({ status: 'preview', plan: { blockers: [] } });
  const refused = await vc.agree(tool, input as never, preview);
  expect(refused).toMatchObject({
    status: 'failed',
    code: 'NO_PERMISSION',
    message: expect.stringContaining(missing),
    remedy: expect.stringContaining('missing privilege'),
    details: {
      privilegeId: missing,
      object: expect.stringMatching(/^VirtualMachine(Snapshot)?:\S+$/),
    },
  });
}
