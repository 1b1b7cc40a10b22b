export type { Supervisor } from './supervisor.js';
export { target } from './target.js';
export type { NamespaceInfo, NamespaceSummary, StoragePolicy, VmClass } from './types.js';
export { wordsOf } from './types.js';
export { Wcp } from './wcp.js';
