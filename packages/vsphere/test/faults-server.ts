import { govern } from '@vmware/policy';
import { runMcp, type Surface } from '@vmware/policy/mcp';
import { noLimits } from '../../../test/kit/no-limits.js';
import { vsphere } from '../src/toolset.js';
import surface from '../surface.json' with { type: 'json' };

// The MCP server of this package, but that it may be called without pause.
void runMcp(surface as unknown as Surface, async (options) =>
  govern(vsphere, { ...options, ...noLimits }),
);
