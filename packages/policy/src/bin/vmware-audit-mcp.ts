import surface from '../../surface.json' with { type: 'json' };
import { runMcp, type Surface } from '../surfaces/mcp/serve.js';

void runMcp(surface as unknown as Surface, async (options) =>
  (await import('../tools/govern.js')).load(options),
);
