import { beforeAll, expect, test } from 'vitest';
import { goAhead } from '../../../test/kit/every-id.js';
import { canTrace, effectsOf, neverSynced, premature } from '../../../test/kit/order-of-effects.js';
import { changing, inputFor } from './changes.js';
import { bins, built } from './cli.js';
import { type Lab, lab } from './lab.js';

beforeAll(built, 120_000);

const skipped = ({ sim }: Lab): number => sim.vcenter.clock.now().getTime() - Date.now();

async function effects(node: readonly string[] = []) {
  await using at = await lab();
  at.rules(goAhead);
  return await effectsOf(
    {
      bin: bins.mcp,
      env: at.env,
      changes: changing.map((tool) => ({ tool: tool.name, input: () => inputFor(tool, at) })),
      // The clock of the lab is ahead of the true one by what it has skipped.
      arrivals: () =>
        [...at.sim.vcenter.requests, ...at.sim.kubeRequests]
          .filter(({ changes }) => changes)
          .map((request) => request.at.getTime() - skipped(at))
          .sort((a, b) => a - b),
      audit: () => at.audit(),
    },
    node,
  );
}

test.skipIf(!canTrace)(
  'the intent of every change is on disk before its request arrives at the vCenter or Supervisor',
  async () => {
    const found = await effects();
    expect(found).toHaveLength(changing.length);
    expect(premature(found)).toEqual([]);
  },
  120_000,
);

test.skipIf(!canTrace)(
  'a log that is not made durable is found out so',
  async () => {
    expect(premature(await effects(neverSynced))).toEqual(changing.map(({ name }) => name));
  },
  120_000,
);
