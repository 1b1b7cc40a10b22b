import type { Outcome } from '@vmware/policy';
import { describe as surfaceOf } from '@vmware/policy/docs';
import type { FaultRule } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { createService } from '../src/tools/service/create-service.js';
import { nsxSecurity } from '../src/toolset.js';
import { type AnyTool, changing, inputFor, type OnSim } from './changes.js';
import { changesAt, lab } from './lab.js';

type Failure = NonNullable<FaultRule['then']>;

const usages = surfaceOf(nsxSecurity).tools.map(({ usage }) => usage.replace(/ <.*/, ''));

/** A command of ours that shows whether a change happened. */
function expectCommand(command: unknown): void {
  const [program, ...words] = String(command).split(' ');
  expect(program).toBe('vmware-nsx-security');
  expect(usages).toContain(words.slice(0, 2).join(' '));
}

/** The route of the first changing request that a preview shows, as the simulation matches it. */
async function previewed(nsx: OnSim, tool: AnyTool) {
  const input = await inputFor(tool, nsx);
  const preview = await nsx.call(tool, input);
  return { input, preview };
}

/** Agrees to a preview; the changing request fails in this way. Resolves to the outcome and what was sent. */
async function agreeWhile(nsx: OnSim, tool: AnyTool, then: Failure) {
  const { input, preview } = await previewed(nsx, tool);
  const before = nsx.sim.requests.length;
  const match = await routeOf(tool);
  nsx.sim.faults.add({ match: { method: match }, then });
  const outcome = await nsx.agree(tool, input, preview);
  return { outcome, sent: changesAt({ requests: nsx.sim.requests.slice(before) }) };
}

const routes = new Map<string, Promise<string>>();

/** The route of a tool's first changing request: what it sends when nothing goes wrong. */
function routeOf(tool: AnyTool): Promise<string> {
  const found = async () => {
    await using nsx = await lab();
    const { input, preview } = await previewed(nsx, tool);
    expect(await nsx.agree(tool, input, preview)).toMatchObject({ status: 'done' });
    const change = nsx.sim.requests.find(({ body, method }) => body !== undefined && !method.startsWith('GET '));
    if (!change) throw new Error(`${tool.name} sends nothing`);
    return change.method;
  };
  const known = routes.get(tool.name) ?? found();
  routes.set(tool.name, known);
  return known;
}

/** Nobody knows whether it happened: that is what is said, where to look, and what the log says. */
function expectUnknown(nsx: OnSim, tool: AnyTool, outcome: Outcome): void {
  expect(outcome).toMatchObject({
    status: 'unknown',
    code: 'UNKNOWN_OUTCOME',
    remedy: expect.stringMatching(/Look at the object.*vmware-audit show/),
    retryable: false,
  });
  expectCommand((outcome as { details?: Record<string, unknown> }).details?.['check']);
  const rows = nsx.audit().filter((row) => row.tool === tool.name && row.phase !== 'preview');
  expect(rows.map(({ phase, status }) => `${phase} ${status}`)).toEqual([
    'intent pending',
    'outcome unknown',
  ]);
}

for (const tool of changing) {
  test.each(['before-acting', 'after-acting'] as const)(
    `${tool.name}: a connection lost %s leaves it unknown, and nothing is sent again`,
    async (drop) => {
      await using nsx = await lab();
      const { outcome, sent } = await agreeWhile(nsx, tool, { drop });
      expectUnknown(nsx, tool, outcome);
      expect(sent).toHaveLength(1);
    },
  );

  test(`${tool.name}: an answer that is cut leaves it unknown, wherever it is cut`, async () => {
    for (const share of ['none', 'one', 'half', 'all but one'] as const) {
      await using nsx = await lab();
      const size = await answerOf(tool);
      const bytes = { none: 0, one: 1, half: size >> 1, 'all but one': size - 1 }[share];
      if (bytes !== 0 && bytes >= size) continue; // the answer has no body
      const { outcome, sent } = await agreeWhile(nsx, tool, { cutAfterBytes: Math.max(bytes, 0) });
      expectUnknown(nsx, tool, outcome);
      expect(sent).toHaveLength(1);
    }
  });
}
