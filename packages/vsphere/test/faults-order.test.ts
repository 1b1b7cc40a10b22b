import { beforeAll, expect, test } from 'vitest';
import { goAhead } from '../../../test/kit/every-id.js';
import { canTrace, effectsOf, neverSynced, premature } from '../../../test/kit/order-of-effects.js';
import { changing, inputFor } from './changes.js';
import { bins, built } from './cli.js';
import { lab } from './lab.js';

beforeAll(built, 120_000);

async function effects(node: readonly string[] = []) {
  await using vc = await lab();
  vc.rules(goAhead);
  return await effectsOf(
    {
      bin: bins.mcp,
      env: vc.env,
      changes: changing.map((tool) => ({ tool: tool.name, input: () => inputFor(tool) })),
      arrivals: () =>
        vc.sim.requests.filter(({ changes }) => changes).map(({ at }) => at.getTime()),
      audit: () => vc.audit(),
    },
    node,
  );
}

test.skipIf(!canTrace)(
  'the intent of every change is on disk before its request arrives at the vCenter',
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
