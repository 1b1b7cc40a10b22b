import { setTimeout as wait } from 'node:timers/promises';
import type { Plan, Problem, Tool } from '@vmware/policy';
import type { EstateChoice, NsxSimulation, PolicyObject, Role } from '@vmware/simulators';
import { expect } from 'vitest';
import type { NsxClients } from '../src/define.js';
import { changesAt, type Lab, lab } from './lab.js';

type AnyTool = Tool<NsxClients>;
type Input = Readonly<Record<string, unknown>>;
type OnSim = Lab & { readonly sim: NsxSimulation };

/** Expects a call to be stopped with this code and nothing to have been sent. Resolves to what was said. */
export async function expectStopped(
  nsx: OnSim,
  tool: AnyTool,
  input: Input,
  code: string,
): Promise<Problem> {
  const before = changesAt(nsx.sim).length;
  const how = tool.effect === 'read' ? {} : { dryRun: false, confirmed: true };
  const outcome = await nsx.call(tool, input as never, how);
  expect(outcome).toMatchObject({ code, remedy: expect.stringMatching(/\w/) });
  expect(changesAt(nsx.sim)).toHaveLength(before);
  return outcome as never;
}

/** Expects a change to be stopped by blockers, which are exactly these. */
export async function expectBlocked(
  nsx: OnSim,
  tool: AnyTool,
  input: Input,
  ...blockers: readonly string[]
): Promise<void> {
  const { details } = await expectStopped(nsx, tool, input, 'BLOCKED');
  expect(details?.['blockers']).toEqual(blockers);
}

/** The plan of a change that is only previewed. */
export async function planOf(nsx: Lab, tool: AnyTool, input: Input): Promise<Plan> {
  const preview = await nsx.call(tool, input as never);
  if (preview.status !== 'preview') throw new Error(`${tool.name}: ${JSON.stringify(preview)}`);
  return preview.plan;
}

/** What no path can hold as an id. */
export const badIds = [
  '..',
  '.',
  'a/b',
  '../groups/web',
  'a\\b',
  'line\nend',
  'nul\u0000',
  'a\u009b31mb',
];

/** Ids that lead to another path are refused before anything is asked of the manager. */
export async function expectIdsChecked(
  tool: AnyTool,
  input: Input,
  ...names: readonly string[]
): Promise<void> {
  await using nsx = await lab();
  for (const name of names) {
    for (const id of badIds) {
      const { message } = await expectStopped(nsx, tool, { ...input, [name]: id }, 'INVALID_INPUT');
      expect(message).toContain('cannot be the id of an NSX object');
    }
    await expectStopped(nsx, tool, { ...input, [name]: '' }, 'INVALID_INPUT');
  }
  const elsewhere = nsx.sim.requests.filter(({ on }) => /\/(%2e|\.)|%2f|%5c|%0/i.test(on));
  expect(elsewhere).toEqual([]);
}

const password = 'Simulated-NSX-2!';

/** The role a card names is enough; without it the refusal names the role the account has and the one it needs. */
export async function expectRole(
  tool: AnyTool,
  input: Input,
  estate: EstateChoice = 'lab',
): Promise<void> {
  const [role] = tool.privileges ?? [];
  const as = (role: Role) => ({ estate, users: [{ username: 'agent', password, role }] });
  {
    await using nsx = await lab(as(role as Role));
    const outcome =
      tool.effect === 'read'
        ? await nsx.call(tool, input as never)
        : await nsx.change(tool, input as never);
    expect(outcome).toMatchObject({ status: 'done' });
  }
  if (tool.effect === 'read') return;
  await using nsx = await lab(as('auditor'));
  const preview = await nsx.call(tool, input as never);
  expect(preview).toMatchObject({ status: 'preview', plan: { blockers: [], unmeasured: [] } });
  const before = [...nsx.sim.world.objects.all()];
  expect(await nsx.agree(tool, input as never, preview)).toMatchObject({
    status: 'failed',
    code: 'NO_PERMISSION',
    message: expect.stringMatching(/The account has the role auditor$/),
    remedy: expect.stringContaining(role ?? ''),
    details: { status: 403, roles: ['auditor'] },
  });
  expect([...nsx.sim.world.objects.all()]).toEqual(before);
}

/** An object of the simulation, which has to be there. */
export function objectAt({ sim }: Pick<OnSim, 'sim'>, path: string): PolicyObject {
  const object = sim.world.objects.get(path);
  if (!object) throw new Error(`The simulation has no ${path}`);
  return object;
}

/** Somebody else changes an object at the manager. */
export function mallory({ sim }: Pick<OnSim, 'sim'>, path: string, fields: Input): void {
  const object = objectAt({ sim }, path);
  sim.world.objects.set({
    ...object,
    ...fields,
    _revision: object._revision + 1,
    _last_modified_user: 'mallory',
    _last_modified_time: Date.UTC(2026, 9, 1),
  });
}

/** Does something while a request of this route is on its way: it has been sent, and nothing has been done yet. */
export async function whileSent({ sim }: OnSim, route: string, act: () => void): Promise<void> {
  sim.faults.add({ match: { method: route }, delayMilliseconds: 150 });
  while (!sim.requests.some(({ method }) => method === route)) await wait(2);
  act();
}

/** Who was quicker is named, and what they did is still there: with each status that NSX says it with. */
export async function expectNothingLost(
  tool: AnyTool,
  input: Input,
  route: string,
  path: string,
  fields: Input,
): Promise<void> {
  for (const staleStatus of [412, 409, 400] as const) {
    await using nsx = await lab({ staleStatus });
    const preview = await nsx.call(tool, input as never);
    const quicker = whileSent(nsx, route, () => mallory(nsx, path, fields));
    const outcome = await nsx.agree(tool, input as never, preview);
    await quicker;
    expect(outcome).toMatchObject({
      status: 'failed',
      code: 'CONFLICT',
      message: expect.stringMatching(
        /HTTP 4\d\d.*revision 1, last changed by mallory at 2026-10-01T00:00:00\.000Z$/,
      ),
      remedy: expect.stringContaining('preview again'),
      retryable: true,
      details: { status: staleStatus },
    });
    expect(objectAt(nsx, path)).toMatchObject({ ...fields, _last_modified_user: 'mallory' });
  }
}
