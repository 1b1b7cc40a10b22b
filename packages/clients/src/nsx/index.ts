export { nearest } from '../nearest.js';
export { type Change, Nsx, type NsxOptions, type ReadOptions } from './client.js';
export type { Authentication } from './login.js';
export { inFlight, perSecond } from './pace.js';
export type { ResultPage } from './pages.js';
export { encodePath, idOf, type Query, segment, withQuery } from './path.js';
export { isStale } from './refused.js';
export { type Scope, scopeOf } from './scope.js';
export type * from './types.js';
