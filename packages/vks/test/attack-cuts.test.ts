import { expect, test } from 'vitest';
import { expectTruthAtEveryCut, type ReadyChange } from '../../../test/kit/every-cut.js';
import { part } from '../../../test/kit/part.js';
import { type AnyTool, changing, inputFor } from './changes.js';
import { changesAt, lab } from './lab.js';
import { beforeSupervisor, beforeVcenter } from './proxies.js';

async function ready(tool: AnyTool): Promise<ReadyChange> {
  const at = await lab();
  const goesToVcenter = tool.name.includes('namespace');
  const proxy = await (goesToVcenter ? beforeVcenter(at) : beforeSupervisor(at));
  const input = await inputFor(tool, at);
  const preview = await at.call(tool, input, { surface: 'cli' });
  if (preview.status !== 'preview') throw new Error(JSON.stringify(preview));
  return {
    proxy,
    planned: preview.plan.requests,
    agree: () => at.agree(tool, input, preview, { surface: 'cli' }),
    arrived: () => changesAt(at.sim),
    async [Symbol.asyncDispose]() {
      await at[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

for (const tool of changing)
  test(`${tool.name}: wherever the connection is cut, what is said is true, and nothing is sent twice (places: ${part})`, async () => {
    const said = await expectTruthAtEveryCut(() => ready(tool));
    expect(said).toMatchObject({ done: expect.any(Number), unknown: expect.any(Number) });
  }, 600_000);
