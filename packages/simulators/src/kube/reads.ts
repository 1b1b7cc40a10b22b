import type { Answer } from './answer.js';
import type { Ask } from './api.js';
import { shownAs } from './convert.js';
import { apiVersionOf, type Kind } from './kinds.js';
import { badRequest, expired, notFound } from './kube-error.js';
import type { KubeObject } from './object.js';
import { fieldMatcher, labelMatcher } from './selectors.js';

interface Walk {
  readonly version: number;
  readonly left: readonly KubeObject[];
}

const tooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.';

/** What is left of the lists that are being read page by page, as it was when they began. */
export class Pages {
  readonly #walks = new Map<string, Walk>();
  #last = 0;

  keep(walk: Walk): string {
    this.#last += 1;
    const token = Buffer.from(
      JSON.stringify({ v: 'meta.k8s.io/v1', rv: walk.version, start: `${this.#last}` }),
    ).toString('base64url');
    this.#walks.set(token, walk);
    const [oldest] = this.#walks.keys();
    if (this.#walks.size > 256 && oldest) this.#walks.delete(oldest);
    return token;
  }

  /** Throws 410 when what the token meant is forgotten. */
  take(token: string, forgotten: number): Walk {
    const walk = this.#walks.get(token);
    if (!walk && !isToken(token))
      throw badRequest(
        'invalid continue token: continue key is not valid: it cannot be decoded as JSON',
      );
    if (!walk || walk.version < forgotten) throw expired(tooOld);
    return walk;
  }
}

function isToken(token: string): boolean {
  try {
    return typeof JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) === 'object';
  } catch {
    return false;
  }
}

export function getObject({ api, place }: Ask): Answer {
  const { kind, version, namespace, name = '' } = place;
  const object = api.store.get(kind, namespace, name);
  if (!object) throw notFound(kind, name);
  return { status: 200, body: shownAs(object, kind, version) };
}

export function listObjects({ api, place, query }: Ask): Answer {
  const { kind, version, namespace } = place;
  const { store, pages } = api;
  const limit = wholeNumber(query.get('limit'));
  const token = query.get('continue');
  const asked = query.get('resourceVersion') ?? '';
  if (!/^\d*$/.test(asked)) throw badRequest(`invalid resource version: ${unparsed(asked)}`);
  const matches = matcherOf(query, kind);
  const walk = token
    ? pages.take(token, store.forgotten)
    : { version: store.version, left: store.list(kind, namespace).filter(matches) };
  const page = limit === 0 ? walk.left : walk.left.slice(0, limit);
  const left = walk.left.slice(page.length);
  const selects = Boolean(query.get('labelSelector') ?? query.get('fieldSelector'));
  return {
    status: 200,
    body: {
      apiVersion: apiVersionOf(kind, version),
      kind: `${kind.kind}List`,
      metadata: {
        resourceVersion: `${walk.version}`,
        ...(left.length > 0 && {
          continue: pages.keep({ version: walk.version, left }),
          ...(!selects && { remainingItemCount: left.length }),
        }),
      },
      items: page.map((object) => itemOf(shownAs(object, kind, version), kind)),
    },
  };
}

/** Whether an object is one that labelSelector and fieldSelector mean. */
export function matcherOf(query: URLSearchParams, kind: Kind): (object: KubeObject) => boolean {
  const byLabel = labelMatcher(query.get('labelSelector'));
  const byField = fieldMatcher(query.get('fieldSelector'), kind);
  return (object) => byLabel(object) && byField(object);
}

/** Items of kinds that are built in do not say what they are. */
function itemOf(object: KubeObject, { fields }: Kind): unknown {
  if (!fields) return object;
  const { apiVersion: _, kind: __, ...rest } = object;
  return rest;
}

/** What the API server says of a resourceVersion that is no number. */
export const unparsed = (version: string): string =>
  `resourceVersion: Invalid value: "${version}": strconv.ParseUint: parsing "${version}": invalid syntax`;

function wholeNumber(text: string | null): number {
  if (text === null || text === '') return 0;
  if (!/^\d{1,9}$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Number(text);
}
