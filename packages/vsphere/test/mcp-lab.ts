import { describe } from '@vmware/policy/docs';
import type { Serve } from '@vmware/policy/mcp';
import { vsphere } from '../src/toolset.js';
import type { Lab } from './lab.js';
import { type Answer, type Connected, connectTo, type Era } from './mcp-client.js';

export { lab } from './lab.js';
export { bodyOf } from './mcp-client.js';

/** An MCP client of the given era at our server. */
export const connect = (
  vc: Lab,
  era: Era,
  answer: Answer = 'cannot',
  serve: Serve = {},
): Promise<Connected> => connectTo(describe(vsphere), vc.governed, era, answer, serve);
