import type { Handlers } from '../call.js';
import { search } from '../compute/search.js';
import { QuerySyntaxError } from '../compute/search-query.js';
import { NsxError } from '../nsx-error.js';
import { searchPage } from '../paging.js';
import { areaOf, mayChange } from '../roles.js';

/** The manager itself: its version and limits, the caller's rights, and the search over everything. */
export const managerHandlers: Handlers = {
  'GET /api/v1/node/version': ({ world }) => ({
    node_version: `${world.settings.version}.0.0.24304122`,
    product_version: `${world.settings.version}.0.0.24304122`,
  }),
  'GET /api/v1/cluster/api-service': () => ({
    session_timeout: 1800,
    connection_timeout: 30,
    redirect_host: '',
    client_api_rate_limit: 100,
    client_api_concurrency_limit: 40,
    global_api_concurrency_limit: 199,
    basic_authentication_enabled: true,
    cookie_based_authentication_enabled: true,
  }),
  'GET /aaa/user-info': ({ user }) => ({
    user_name: user.username,
    roles: [{ role: user.role }],
    roles_for_paths: [{ path: '/', roles: [{ role: user.role }] }],
  }),
  'GET /aaa/effective-permissions': ({ user, query }) => {
    const path = query['object_path'] ?? '';
    return {
      feature_name: query['feature_name'],
      object_path: path,
      operation: mayChange(user.role, areaOf(path)) ? 'crud' : 'read',
    };
  },
  'GET /system-config/nsx-partial-patch-config': ({ world }) => ({
    enable_partial_patch: world.settings.partialPatch,
  }),
  'GET /search/query': ({ world, query, pageCap }) => {
    try {
      const matching = search(world, query['query'] ?? '');
      return searchPage(sorted(matching, query), query, pageCap);
    } catch (error) {
      if (error instanceof QuerySyntaxError)
        throw new NsxError(400, 60503, `The query cannot be read: ${error.message}`, 'nsx-search');
      throw error;
    }
  },
};

/** By a field when the query says so; otherwise as the index has them. */
function sorted<T extends Readonly<Record<string, unknown>>>(
  items: readonly T[],
  { sort_by: by, sort_ascending: ascending }: Readonly<Record<string, string>>,
): readonly T[] {
  if (by === undefined) return items;
  const sign = ascending === 'false' ? -1 : 1;
  return [...items].sort((a, b) => {
    const [one, other] = [String(a[by] ?? ''), String(b[by] ?? '')];
    return sign * (Number(one > other) - Number(one < other));
  });
}
