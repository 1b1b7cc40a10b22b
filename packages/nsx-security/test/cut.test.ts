import type { Outcome } from '@vmware/policy';
import { describe as surfaceOf } from '@vmware/policy/docs';
import type { FaultRule } from '@vmware/simulators';
import { expect, test } from 'vitest';
import catalogue from '../../simulators/src/nsx/catalogue.json' with { type: 'json' };
import { createService } from '../src/tools/service/create-service.js';
import { nsxSecurity } from '../src/toolset.js';
import { type AnyTool, changing, inputFor, type OnSim } from './changes.js';
import { changesAt, lab } from './lab.js';
import { whileSent } from './refusals.js';

const usages = surfaceOf(nsxSecurity).tools.map(({ usage }) => usage.replace(/ <.*/, ''));

/** Nobody knows whether it happened: that is what is said and recorded, with a command of ours that shows it. */
function expectUnknown(nsx: OnSim, { name }: AnyTool, outcome: Outcome): void {
  expect(outcome).toMatchObject({
    status: 'unknown',
    code: 'UNKNOWN_OUTCOME',
    remedy: expect.stringMatching(/^Run `vmware-nsx-security .*`vmware-audit show/),
    retryable: false,
    details: { check: expect.stringMatching(/^vmware-nsx-security \w/) },
  });
  const { check } = (outcome as unknown as { details: { check: string } }).details;
  expect(usages).toContain(check.split(' ').slice(1, 3).join(' '));
  const rows = nsx.audit().filter(({ tool, phase }) => tool === name && phase !== 'preview');
  expect(rows.map(({ phase, status }) => `${phase} ${status}`).slice(-2)).toEqual([
    'intent pending',
    'outcome unknown',
  ]);
}

const routes = new Map<string, string>();

/** The route of a tool's first changing request: what it sends when nothing goes wrong. */
async function routeOf(tool: AnyTool): Promise<string> {
  const known = routes.get(tool.name);
  if (known) return known;
  await using nsx = await lab();
  await nsx.change(tool, await inputFor(tool, nsx));
  const change = nsx.sim.requests.find((request) => changesAt({ requests: [request] }).length > 0);
  if (!change) throw new Error(`${tool.name} sent nothing`);
  routes.set(tool.name, change.method);
  return change.method;
}

const hasBody = (route: string): boolean =>
  catalogue.routes.some(
    ({ method, path, fixed, result }) =>
      `${method} ${path}${fixed ? `?${fixed}` : ''}` === route && result !== 'void',
  );

/** Agrees to a preview while the changing request fails in this way; it is sent once and never again. */
async function agreeWhile(nsx: OnSim, tool: AnyTool, then: FaultRule['then']): Promise<Outcome> {
  const route = await routeOf(tool);
  const input = await inputFor(tool, nsx);
  const preview = await nsx.call(tool, input);
  const before = changesAt(nsx.sim).length;
  nsx.sim.faults.add({ match: { method: route }, ...(then && { then }) });
  const outcome = await nsx.agree(tool, input, preview);
  expect(changesAt(nsx.sim)).toHaveLength(before + 1);
  return outcome;
}

for (const tool of changing) {
  test.each(['before-acting', 'after-acting'] as const)(
    `${tool.name}: a connection lost %s leaves it unknown, and nothing is sent again`,
    async (drop) => {
      await using nsx = await lab();
      expectUnknown(nsx, tool, await agreeWhile(nsx, tool, { drop }));
    },
  );

  test(`${tool.name}: an answer that ends early leaves it unknown, wherever it ends`, async () => {
    const whole = hasBody(await routeOf(tool));
    for (const cutAfterBytes of whole ? [0, 1, 100, 300, 1_000_000] : [0]) {
      await using nsx = await lab();
      expectUnknown(nsx, tool, await agreeWhile(nsx, tool, { cutAfterBytes }));
    }
  });

  test(`${tool.name}: when nothing can be read after the change, it has not failed`, async () => {
    await using nsx = await lab();
    const route = await routeOf(tool);
    const input = await inputFor(tool, nsx);
    const preview = await nsx.call(tool, input);
    const sent = whileSent(nsx, route, () =>
      nsx.sim.faults.add({ times: Number.POSITIVE_INFINITY, then: { status: 500 } }),
    );
    const outcome = await nsx.agree(tool, input, preview);
    await sent;
    if (outcome.status !== 'done') expectUnknown(nsx, tool, outcome);
  });
}

test('create_service: an answer that ends after any of its bytes leaves it unknown', async () => {
  const positions = Array.from({ length: 4 }, (_, lane) => lane);
  await Promise.all(
    positions.map(async (lane) => {
      await using nsx = await lab();
      for (let bytes = lane; bytes < 700; bytes += 4) {
        const input = { service_id: `s-${bytes}`, display_name: 'S', entries: ['TCP:1'] };
        const preview = await nsx.call(createService, input);
        nsx.sim.faults.add({
          match: { method: 'PUT /policy/api/v1/infra/services/{}' },
          then: { cutAfterBytes: bytes },
        });
        expectUnknown(nsx, createService, await nsx.agree(createService, input, preview));
        expect(nsx.sim.world.objects.get(`/infra/services/s-${bytes}`)).toBeDefined();
      }
      const ids = changesAt(nsx.sim).map((request) => request.split(' ')[1]);
      expect(new Set(ids).size).toBe(ids.length);
    }),
  );
});
