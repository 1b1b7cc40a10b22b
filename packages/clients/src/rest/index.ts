export { type Change, type ReadOptions, Rest, type RestOptions } from './client.js';
export type { Place } from './place.js';
export { findTag, type Tag, type TaggedObject, taggedObjects } from './tags.js';
