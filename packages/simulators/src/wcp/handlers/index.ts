import type { Handlers } from '../call.js';
import { accessHandlers } from './access.js';
import { clusterHandlers } from './clusters.js';
import { namespaceHandlers } from './namespaces.js';
import { serviceHandlers } from './services.js';
import { sessionHandlers } from './session.js';
import { softwareHandlers } from './software.js';
import { supervisorHandlers } from './supervisors.js';
import { supplyHandlers } from './supplies.js';

/** Every operation of the catalogue but the log-in and the log-out, which every vCenter has. */
export const handlers: Handlers = {
  ...sessionHandlers,
  ...supervisorHandlers,
  ...clusterHandlers,
  ...softwareHandlers,
  ...serviceHandlers,
  ...supplyHandlers,
  ...namespaceHandlers,
  ...accessHandlers,
};
