import { simulateNsx } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { chaosProxy } from '../../../test/kit/chaos-proxy.js';
import { expectTruthAtEveryCut, type ReadyChange } from '../../../test/kit/every-cut.js';
import { part } from '../../../test/kit/part.js';
import { type AnyTool, changing, inputFor } from './changes.js';
import { changesAt, labOn } from './lab.js';

async function ready(tool: AnyTool): Promise<ReadyChange> {
  const sim = await simulateNsx({ traceMilliseconds: 20, realizeMilliseconds: 5 });
  const proxy = await chaosProxy(sim);
  const nsx = labOn(proxy.endpoint);
  const input = await inputFor(tool, { ...nsx, sim });
  const preview = await nsx.call(tool, input, { surface: 'cli' });
  if (preview.status !== 'preview') throw new Error(JSON.stringify(preview));
  return {
    proxy,
    planned: preview.plan.requests,
    agree: () => nsx.agree(tool, input, preview, { surface: 'cli' }),
    arrived: () => changesAt(sim),
    async [Symbol.asyncDispose]() {
      await nsx[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
}

for (const tool of changing)
  test(`${tool.name}: wherever the connection is cut, what is said is true, and nothing is sent twice (places: ${part})`, async () => {
    const said = await expectTruthAtEveryCut(() => ready(tool));
    expect(said).toMatchObject({ done: expect.any(Number), unknown: expect.any(Number) });
  }, 600_000);
