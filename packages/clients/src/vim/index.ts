export { type CallOptions, Vim, type VimOptions } from './client.js';
export { explain, explainLocalized } from './faults.js';
export { type FoundVm, findVm } from './find-vm.js';
export { inventoryPaths, readableName } from './inventory-path.js';
export type { Credentials } from './login.js';
export {
  properties,
  propertiesBehind,
  propertiesOf,
  type Retrieve,
  retrieve,
} from './property-collector.js';
export { type AwaitTask, awaitTask } from './task.js';
export type {
  AboutInfo,
  FaultFields,
  LocalizedFault,
  Ref,
  Row,
  ServiceContent,
} from './types.js';
export { VimFault } from './vim-fault.js';
