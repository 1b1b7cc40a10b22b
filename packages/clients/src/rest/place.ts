import { ApiError } from '../http/errors.js';

/** The two ways a vCenter serves the API: `api` since 7.0, `rest` since 6.5. */
export type Style = 'api' | 'rest';

/** A resource, one object of it, or an action on either: `{ path: 'cis/tagging/tag', id: 'urn:...' }`. */
export interface Place {
  /** As the documentation writes it, without `/api/`. */
  readonly path: string;
  readonly id?: string;
  readonly action?: string;
}

/** The request target of a place. Throws INVALID_ARGUMENT for an id that would lead to another route. */
export function routeTo({ path, id, action }: Place, style: Style): string {
  const [root, mark, query] =
    style === 'api' ? ['/api/', '', 'action'] : ['/rest/com/vmware/', 'id:', '~action'];
  const object = id === undefined ? '' : `/${mark}${segment(id)}`;
  return `${root}${path}${object}${action === undefined ? '' : `?${query}=${action}`}`;
}

/** One path segment, whatever the id holds. Dots alone stay dots when encoded, so they are refused. */
function segment(id: string): string {
  if (/^\.{0,2}$/.test(id) || /\p{Surrogate}/u.test(id))
    throw new ApiError('INVALID_ARGUMENT', `"${id}" is not the id of an object`, {
      remedy: 'Use an id as the server lists it.',
    });
  return encodeURIComponent(id);
}
