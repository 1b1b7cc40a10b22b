import { ApiError } from '../http/errors.js';
import type { Change } from './client.js';
import type { PolicyObject } from './types.js';

type Found = Partial<PolicyObject> | undefined;
/** GET of a request target; undefined when it cannot be read. */
type Look = (target: string) => Promise<Found>;

/** A hierarchical change may hold thousands of objects; the first that is another one now is enough. */
const mostLooks = 20;

/**
 * A stale revision, saying who made the newer one: of the object that was written, or of the one among many in a
 * hierarchical body. The same error where nobody can be named.
 */
export async function whoChanged(
  stale: ApiError,
  { target, body }: Change,
  look: Look,
): Promise<ApiError> {
  const [path = ''] = target.split('?');
  if (!isRoot.test(path)) return named(stale, 'It', await look(path));
  const api = /^\/[\w-]+\/api\/v1/.exec(path)?.[0] ?? '';
  for (const { path, _revision } of writtenIn(body).slice(0, mostLooks)) {
    const now = await look(`${api}${path.split('/').map(encodeURIComponent).join('/')}`);
    if (now?._revision !== _revision) return named(stale, path, now);
  }
  return stale;
}

/** Where a change of many objects is sent. */
const isRoot = /\/(?:infra|global-infra|org-root)$/;

function named(stale: ApiError, name: string, now: Found): ApiError {
  if (now?._revision === undefined) return stale;
  const when = now._last_modified_time && new Date(now._last_modified_time).toISOString();
  return new ApiError(
    stale.code,
    `${stale.message}. ${name} is at revision ${now._revision}, last changed by ${now._last_modified_user ?? 'somebody'}${when ? ` at ${when}` : ''}`,
    {
      remedy: stale.remedy,
      retryable: true,
      details: { ...stale.details, current_revision: now._revision },
      cause: stale,
    },
  );
}

/** Every object in a body that says which revision of it is meant. */
function writtenIn(value: unknown): { path: string; _revision: number }[] {
  if (Array.isArray(value)) return value.flatMap(writtenIn);
  if (typeof value !== 'object' || value === null) return [];
  const { path, _revision } = value as Partial<PolicyObject>;
  const own = typeof path === 'string' && typeof _revision === 'number';
  return [...(own ? [{ path, _revision }] : []), ...Object.values(value).flatMap(writtenIn)];
}
