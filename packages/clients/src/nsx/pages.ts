import { ApiError } from '../http/errors.js';
import { withQuery } from './path.js';

/** One page as the API returns it. */
export interface ResultPage<T> {
  readonly results?: readonly T[];
  readonly result_count?: number;
  readonly cursor?: string;
}

/** The most the API gives at a time. */
export const pageSize = 1000;

/**
 * Every result of a list, page by page. Ends on the first page that is empty, that completes `result_count`,
 * or that has no cursor or the one before it: search returns a cursor on its last page too. Throws UPSTREAM
 * when a list says it goes on for ever.
 */
export async function allPages<T>(
  target: string,
  get: (target: string) => Promise<ResultPage<T>>,
): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 1_000; page++) {
    const {
      results = [],
      result_count,
      cursor: next,
    } = await get(withQuery(target, { page_size: pageSize, cursor }));
    for (const result of results) found.push(result);
    const complete = result_count !== undefined && found.length >= result_count;
    if (results.length === 0 || complete || !next || next === cursor || /^0+$/.test(next))
      return found;
    cursor = next;
  }
  throw new ApiError('UPSTREAM', `${target} has more than a million results`, {
    remedy: 'Narrow what is asked for.',
  });
}
