export { nearest } from '../nearest.js';
export type { ClusterAccess } from './cluster-access.js';
export type { Cluster } from './login.js';
export type { Range, Supervisor } from './supervisor.js';
export { Supervisors, type SupervisorsOptions } from './supervisors.js';
export { target } from './target.js';
export type { NamespaceInfo, NamespaceSummary, StoragePolicy, VmClass } from './types.js';
export { wordsOf } from './types.js';
export { Wcp } from './wcp.js';
