import { simulate } from '@vmware/simulators';
import { describe, test } from 'vitest';
import { chaosProxy } from '../../../test/kit/chaos-proxy.js';
import {
  type BehindProxies,
  expectChangeCut,
  expectPlanCut,
  expectReadCut,
} from '../../../test/kit/silent-target.js';
import { changing, inputFor } from './changes.js';
import { labOn } from './lab.js';
import { readInputs, reading } from './reads.js';

async function behindProxy(
  tool: (typeof changing)[number],
  input: object | undefined,
): Promise<BehindProxies> {
  const sim = await simulate({ seed: 'lab' });
  const proxy = await chaosProxy(sim);
  const vc = labOn(proxy.endpoint);
  return {
    proxies: [proxy],
    call: (how) => vc.call(tool, input as never, how),
    agree: (preview, how) => vc.agree(tool, input as never, preview, how),
    requests: [sim.requests],
    isChange: ({ changes }: { changes: boolean }) => changes,
    async [Symbol.asyncDispose]() {
      await vc[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
}

describe.concurrent('a vCenter that goes silent in the middle of a call', () => {
  test.each(reading)('$name is given up at its deadline', (tool) =>
    expectReadCut(() => behindProxy(tool, readInputs[tool.name])),
  );

  test.each(changing)('$name is not sent when its plan is late', (tool) =>
    expectPlanCut(() => behindProxy(tool, inputFor(tool))),
  );

  test.each(changing)('$name is unknown when its answer is late', (tool) =>
    expectChangeCut(() => behindProxy(tool, inputFor(tool))),
  );
});
