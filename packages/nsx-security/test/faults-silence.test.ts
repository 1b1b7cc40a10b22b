import { rmSync } from 'node:fs';
import { simulateNsx } from '@vmware/simulators';
import { describe, test } from 'vitest';
import { chaosProxy } from '../../../test/kit/chaos-proxy.js';
import { goAhead } from '../../../test/kit/every-id.js';
import {
  type BehindProxies,
  expectChangeCut,
  expectPlanCut,
  expectReadCut,
} from '../../../test/kit/silent-target.js';
import { snapshotDfw } from '../src/tools/snapshot/snapshot-dfw.js';
import { type AnyTool, changing, type Input, inputFor, type OnSim } from './changes.js';
import { changesAt, labOn } from './lab.js';
import { readInputFor } from './prepared-reads.js';
import { reading } from './reads.js';

async function behindProxy(
  tool: AnyTool,
  inputOf: (nsx: OnSim) => Promise<Input>,
): Promise<BehindProxies> {
  const sim = await simulateNsx({ traceMilliseconds: 20, realizeMilliseconds: 5 });
  const proxy = await chaosProxy(sim);
  const nsx = { ...labOn(proxy.endpoint), sim };
  nsx.rules(goAhead);
  const input = (await inputOf(nsx)) as never;
  return {
    proxies: [proxy],
    call(how) {
      // A snapshot is not written over another.
      if (tool === snapshotDfw) rmSync(input['file'], { force: true });
      return nsx.call(tool, input, how);
    },
    agree: (preview, how) => nsx.agree(tool, input, preview, how),
    requests: [sim.requests],
    isChange: (request) => changesAt({ requests: [request] }).length > 0,
    async [Symbol.asyncDispose]() {
      await nsx[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
}

describe.concurrent('an NSX Manager that goes silent in the middle of a call', () => {
  test.each(reading)('$name is given up at its deadline', (tool) =>
    expectReadCut(() => behindProxy(tool, (nsx) => readInputFor(tool, nsx))),
  );

  test.each(changing)('$name is not sent when its plan is late', (tool) =>
    expectPlanCut(() => behindProxy(tool, (nsx) => inputFor(tool, nsx))),
  );

  test.each(changing)('$name is unknown when its answer is late', (tool) =>
    expectChangeCut(() => behindProxy(tool, (nsx) => inputFor(tool, nsx))),
  );
});
