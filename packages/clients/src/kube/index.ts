export {
  creation,
  type Deletion,
  deletion,
  mergePatch,
  rehearsal,
  replacement,
} from './change.js';
export { Kube, type KubeOptions } from './client.js';
export { type Apis, compareApiVersions, type Wanted } from './discovery.js';
export {
  type Kubeconfig,
  parseKubeconfig,
  type RenderedKubeconfig,
  renderKubeconfig,
} from './kubeconfig.js';
export { type Bearer, type BearerDoor, fixedToken } from './login.js';
export { nameOfResource, targetOf } from './place.js';
export { isExpired, isStale } from './refused.js';
export type {
  Change,
  Fields,
  KubeList,
  KubeObject,
  ObjectMeta,
  ObjectPlace,
  OwnerReference,
  Page,
  Resource,
  Selection,
  SendOptions,
  Stoppable,
  WatchEvent,
  Watched,
} from './types.js';
export {
  compareVersions,
  type KubeVersion,
  matchesVersion,
  minorSkew,
  parseVersion,
  sameVersion,
  withoutRelease,
} from './versions.js';
