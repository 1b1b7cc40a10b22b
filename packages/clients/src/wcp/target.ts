import { ApiError } from '../http/errors.js';

/**
 * A request target with ids in it: each is one path segment, whatever it holds. Throws INVALID_ARGUMENT for one
 * that would lead to another route.
 */
export const target = (texts: TemplateStringsArray, ...ids: readonly string[]): string =>
  texts.reduce((path, text, at) => `${path}${segment(ids[at - 1] ?? '')}${text}`);

function segment(id: string): string {
  if (/^\.{0,2}$/.test(id) || /[/\\\p{Cc}\p{Surrogate}]/u.test(id) || id.length > 255)
    throw new ApiError('INVALID_ARGUMENT', `"${id}" is not the id of an object`, {
      remedy: 'Use an id as the server lists it.',
    });
  return encodeURIComponent(id);
}
