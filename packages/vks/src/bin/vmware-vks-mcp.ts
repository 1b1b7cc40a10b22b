import { runMcp, type Surface } from '@vmware/policy/mcp';
import surface from '../../surface.json' with { type: 'json' };

void runMcp(surface as unknown as Surface, async (options) =>
  (await import('../govern.js')).load(options),
);
