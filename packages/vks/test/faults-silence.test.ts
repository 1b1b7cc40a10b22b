import { describe, test } from 'vitest';
import {
  type BehindProxies,
  expectChangeCut,
  expectPlanCut,
  expectReadCut,
} from '../../../test/kit/silent-target.js';
import { type AnyTool, changing, type Input, inputFor } from './changes.js';
import { type Lab, lab } from './lab.js';
import { beforeSupervisor, beforeVcenter } from './proxies.js';
import { readInputs, reading } from './reads.js';

async function behindProxies(
  tool: AnyTool,
  inputOf: (at: Lab) => Promise<Input>,
): Promise<BehindProxies> {
  const at = await lab();
  const proxies = [await beforeVcenter(at), await beforeSupervisor(at)];
  const input = (await inputOf(at)) as never;
  return {
    proxies,
    call: (how) => at.call(tool, input, how),
    agree: (preview, how) => at.agree(tool, input, preview, how),
    requests: [at.sim.vcenter.requests, at.sim.kubeRequests],
    isChange: ({ changes }: { changes: boolean }) => changes,
    async [Symbol.asyncDispose]() {
      await at[Symbol.asyncDispose]();
      for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
    },
  };
}

describe.concurrent('a vCenter with its Supervisor that goes silent in the middle of a call', () => {
  test.each(reading)('$name is given up at its deadline', (tool) =>
    expectReadCut(() => behindProxies(tool, async () => readInputs()[tool.name] ?? {})),
  );

  test.each(changing)('$name is not sent when its plan is late', (tool) =>
    expectPlanCut(() => behindProxies(tool, (at) => inputFor(tool, at))),
  );

  test.each(changing)('$name is unknown when its answer is late', (tool) =>
    expectChangeCut(() => behindProxies(tool, (at) => inputFor(tool, at))),
  );
});
