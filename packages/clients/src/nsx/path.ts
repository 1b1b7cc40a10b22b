import { ApiError } from '../http/errors.js';

/**
 * An id as one segment of a path, percent-encoded. Throws INVALID_INPUT for one that no path can hold:
 * empty, dots alone, a slash, a control character or half a surrogate pair.
 */
export function segment(id: string): string {
  const reason =
    id === ''
      ? 'it is empty'
      : /^\.{1,2}$/.test(id)
        ? 'dots alone name a folder'
        : /[/\\]/.test(id)
          ? 'it holds a slash'
          : /[\p{Cc}\p{Surrogate}]/u.test(id)
            ? 'it holds a control character'
            : id.length > 255
              ? 'it is longer than 255 characters'
              : undefined;
  if (reason === undefined) return encodeURIComponent(id);
  throw new ApiError('INVALID_INPUT', `"${id}" cannot be the id of an NSX object: ${reason}`, {
    remedy: 'Use the id as NSX lists it: the last part of its path.',
  });
}

/** A policy path as it stands in a URL: every segment encoded, none of them leading elsewhere. */
export const encodePath = (path: string): string =>
  path
    .split('/')
    .map((part, at) => (at === 0 && part === '' ? '' : segment(decoded(part))))
    .join('/');

/** NSX reports paths unencoded; ours may be encoded already. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The id at the end of a policy path. */
export const idOf = (path: string): string => decoded(path.slice(path.lastIndexOf('/') + 1));

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** A request target with its query; entries that are undefined are left out. Throws INVALID_INPUT for half a surrogate pair. */
export function withQuery(target: string, query: Query = {}): string {
  const words = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encoded(String(value))}`],
  );
  if (words.length === 0) return target;
  return `${target}${target.includes('?') ? '&' : '?'}${words.join('&')}`;
}

function encoded(value: string): string {
  if (!/\p{Surrogate}/u.test(value)) return encodeURIComponent(value);
  throw new ApiError('INVALID_INPUT', 'A text holds half a character, which no request can carry', {
    remedy: 'Write the text again, without what stands for half a character.',
  });
}
