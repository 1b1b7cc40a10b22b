import { simulate } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { chaosProxy } from '../../../test/kit/chaos-proxy.js';
import { expectTruthAtEveryCut, type ReadyChange } from '../../../test/kit/every-cut.js';
import { part } from '../../../test/kit/part.js';
import { changing, inputFor } from './changes.js';
import { changesAt, labOn } from './lab.js';

async function ready(tool: (typeof changing)[number]): Promise<ReadyChange> {
  const sim = await simulate({ seed: 'lab' });
  const proxy = await chaosProxy(sim);
  const vc = labOn(proxy.endpoint);
  const preview = await vc.call(tool, inputFor(tool), { surface: 'cli' });
  if (preview.status !== 'preview') throw new Error(JSON.stringify(preview));
  return {
    proxy,
    planned: preview.plan.requests,
    agree: () => vc.agree(tool, inputFor(tool), preview, { surface: 'cli' }),
    arrived: () => changesAt(sim),
    async [Symbol.asyncDispose]() {
      await vc[Symbol.asyncDispose]();
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
