import { ApiError } from './errors.js';

/** Which request targets a raw request may have: below one of these roots, and none of those withheld. */
export interface RawTargets {
  /** Such as `/api/`. */
  readonly roots: readonly string[];
  /** Paths that log in or out: those are the client's own business. */
  readonly withheld: readonly string[];
}

/**
 * A request target as somebody typed it, as it may be sent. Throws INVALID_INPUT for one that is not below a root,
 * that steps out of it, or that could be read as more than a target.
 */
export function rawTarget(typed: string, { roots, withheld }: RawTargets): string {
  const wrong = (why: string) =>
    new ApiError('INVALID_INPUT', `${JSON.stringify(typed.slice(0, 200))} ${why}`, {
      remedy: `Write a path below ${roots.join(' or ')}, percent-encoded, with its query if any.`,
    });
  if (!/^\/[\x21-\x7e]*$/.test(typed) || /[#\\]/.test(typed)) throw wrong('is no path');
  const [path = ''] = typed.split('?');
  const segments = decoded(path)?.split('/');
  if (!segments) throw wrong('is not percent-encoded as it should be');
  if (
    segments.some((one) => one === '..' || one === '.') ||
    /[\\\p{Cc}]|\/\//u.test(segments.join('/'))
  )
    throw wrong('steps out of its path');
  if (!roots.some((root) => path.startsWith(root))) throw wrong('is not below a root of this API');
  const plain = segments.join('/').replace(/\/+$/, '').toLowerCase();
  if (withheld.some((one) => plain === one || plain.startsWith(`${one}/`)))
    throw wrong('logs in or out, which this program does by itself');
  return typed;
}

/** Decoded until nothing changes, so that a path in two disguises is one path. */
function decoded(path: string): string | undefined {
  try {
    let before = path;
    for (let pass = 0; pass < 5; pass++) {
      const after = decodeURIComponent(before);
      if (after === before) return after;
      before = after;
    }
    return undefined;
  } catch {
    return undefined;
  }
}
