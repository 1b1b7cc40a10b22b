import { ApiError } from '../http/errors.js';
import { fieldsOf } from './status.js';
import type { KubeList, KubeObject } from './types.js';

/** The JSON of an answer of success. Anything else is UPSTREAM, after a change with `effect: 'unknown'`. */
export function parsed(text: string, what: string, change: boolean): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw orInDoubt(unreadable(what, 'it is no JSON'), change);
  }
}

interface Expected {
  /** Whether it answers a change, which has happened then. */
  readonly change?: boolean;
  /** Whether it must have a name. Reviews, tokens, bookmarks and a Status have none: theirs is `''`. */
  readonly named?: boolean;
}

/** An object with its kind, version and metadata. */
export function objectIn(
  body: unknown,
  what: string,
  { change = false, named = true }: Expected = {},
): KubeObject {
  const object = fieldsOf(body);
  const { apiVersion, kind } = object;
  const metadata = fieldsOf(object['metadata']);
  const { name } = metadata;
  const isNamed = typeof name === 'string' && name !== '';
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || (named && !isNamed))
    throw orInDoubt(unreadable(what, 'it is no Kubernetes object'), change);
  return { ...object, apiVersion, kind, metadata: { ...metadata, name: isNamed ? name : '' } };
}

/** A page of objects. Items of built-in kinds come without kind and version: they are those of the list. */
export function listIn(body: unknown, what: string): KubeList {
  const list = fieldsOf(body);
  const { apiVersion, kind, items } = list;
  const { resourceVersion, continue: next, remainingItemCount } = fieldsOf(list['metadata']);
  const isList = typeof apiVersion === 'string' && typeof kind === 'string' && /.List$/.test(kind);
  if (!isList || !(Array.isArray(items) || items === null))
    throw unreadable(what, 'it is no list of Kubernetes objects');
  const found: unknown[] = items ?? []; // Go writes a list without items as null
  return {
    items: found.map((item) =>
      objectIn({ apiVersion, kind: kind.slice(0, -'List'.length), ...fieldsOf(item) }, what),
    ),
    resourceVersion: typeof resourceVersion === 'string' ? resourceVersion : '',
    ...(typeof next === 'string' && next !== '' && { continue: next }),
    ...(typeof remainingItemCount === 'number' && { remaining: remainingItemCount }),
  };
}

/** An answer that is no answer to `what`: it comes from another server, or from something in between. */
export const unreadable = (what: string, reason: string): ApiError =>
  new ApiError('UPSTREAM', `The answer to ${what} cannot be read: ${reason}`, {
    remedy: 'Try again later, and check proxies between here and the server.',
    retryable: true,
  });

/** A change was accepted, and its answer was lost or cannot be read. */
export function inDoubt(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.effect === 'unknown') return error;
  return new ApiError(
    error.code,
    `${error.message}; the change had been sent and may have happened`,
    {
      remedy: 'Look at the object before trying again.',
      effect: 'unknown',
      ...(error.details && { details: error.details }),
      cause: error,
    },
  );
}

const orInDoubt = (error: ApiError, change: boolean) => (change ? inDoubt(error) : error);
