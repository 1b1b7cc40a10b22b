import { describe as surfaceOf } from '@vmware/policy/docs';
import { expect, test } from 'vitest';
import { bypass, type Guarded } from '../../../test/kit/every-bypass.js';
import { goAhead } from '../../../test/kit/every-id.js';
import { vsphere } from '../src/toolset.js';
import { changing, inputFor } from './changes.js';
import { changesAt, lab } from './lab.js';

async function open(tool: (typeof changing)[number]): Promise<Guarded> {
  const at = await lab();
  const input = inputFor(tool);
  return {
    ...at,
    surface: surfaceOf(vsphere),
    input,
    changes: () => changesAt(at.sim),
  };
}

for (const tool of changing)
  test.each(['legacy', 'modern'] as const)(
    `${tool.name}: no odd argument, no field of _meta and no forged consent changes anything (%s)`,
    async (era) => {
      const { changes, meant } = await bypass(tool.name, era, () => open(tool), goAhead);
      expect(changes).toEqual([]);
      expect(meant.length).toBeGreaterThan(0);
    },
    120_000,
  );
