import { describe } from '@vmware/policy/docs';
import type { Serve } from '@vmware/policy/mcp';
import { type Answer, type Connected, connectTo, type Era } from '../../vsphere/test/mcp-client.js';
import { vks } from '../src/toolset.js';
import type { Lab } from './lab.js';

export { bodyOf } from '../../vsphere/test/mcp-client.js';

/** An MCP client of the given era at our server. */
export const connect = (
  at: Lab,
  era: Era,
  answer: Answer = 'cannot',
  serve: Serve = {},
): Promise<Connected> => connectTo(describe(vks), at.governed, era, answer, serve);
