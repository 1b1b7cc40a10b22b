import type { Handlers } from '../call.js';
import { fabricHandlers } from './fabric.js';
import { firewallHandlers } from './firewall.js';
import { groupHandlers } from './groups.js';
import { hierarchyHandlers } from './hierarchy.js';
import { managerHandlers } from './manager.js';
import { objectHandlers } from './objects.js';
import { realizedHandlers } from './realized.js';
import { reviseHandlers } from './revise.js';
import { tagHandlers } from './tags.js';
import { traceflowHandlers } from './traceflows.js';

/** Every handler, by the key of the routes it serves. */
export const handlers: Handlers = {
  ...objectHandlers,
  ...reviseHandlers,
  ...groupHandlers,
  ...firewallHandlers,
  ...realizedHandlers,
  ...traceflowHandlers,
  ...tagHandlers,
  ...fabricHandlers,
  ...managerHandlers,
  ...hierarchyHandlers,
};
