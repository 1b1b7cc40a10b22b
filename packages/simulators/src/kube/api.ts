import type { IncomingMessage } from 'node:http';
import type { Clock } from '../server/clock.js';
import { type Caller, refusalOf } from './accounts.js';
import { type Answer, noSuchPage } from './answer.js';
import { createObject, patchObject, updateObject } from './changes.js';
import { deleteObject } from './delete-object.js';
import { discovered } from './discovery.js';
import type { Kind, Kinds } from './kinds.js';
import { badRequest, KubeError, noSuchResource, unauthorized } from './kube-error.js';
import type { KubeObject } from './object.js';
import { getObject, listObjects, type Pages } from './reads.js';
import { type Place, placeOf, segmentsOf, type Verb, verbOf } from './route.js';
import type { Store } from './store.js';
import { Watch } from './watch.js';

/** A change that is about to be made, in stored versions. */
export interface Change {
  readonly kind: Kind;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject;
  readonly caller: Caller;
  /** Texts for `Warning:` headers. */
  readonly warnings: string[];
}

/** What one API server is made of. */
export interface Api {
  readonly kinds: Kinds;
  readonly store: Store;
  readonly clock: Clock;
  /** `v1.31.4+vmware.1-fips`, as `/version` says. */
  readonly release: string;
  /** Milliseconds between the bookmarks of a watch. */
  readonly bookmarkMilliseconds: number;
  readonly pages: Pages;
  readonly authenticate: (request: IncomingMessage) => Caller | undefined;
  /** Completes or refuses a create or an update, as the admission webhooks do. */
  readonly admit: (change: Change) => KubeObject;
  /** Refuses a delete. */
  readonly admitDelete?: (kind: Kind, object: KubeObject) => void;
  /** Makes ready what the answer to a request will show. */
  readonly prepare?: (asked: Asked, text: string) => Promise<void>;
  /** Lets the controllers do what is due by now. */
  readonly settle: () => Promise<void>;
}

/** A request that is understood so far. */
export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly place: Place | undefined;
  readonly verb: Verb | undefined;
}

/** One request to a place, by someone who may make it. */
export interface Ask {
  readonly api: Api;
  readonly place: Place;
  readonly verb: Verb;
  readonly query: URLSearchParams;
  readonly caller: Caller;
  readonly contentType: string;
  readonly agent: string;
  readonly text: string;
  /** Texts for `Warning:` headers. */
  readonly warnings: string[];
}

const open = ['/version', '/healthz', '/livez', '/readyz'];

export function understood(request: IncomingMessage, { kinds }: Api): Asked {
  const { method = '', url = '' } = request;
  const [path = '', search] = url.split('?', 2);
  const query = new URLSearchParams(search ?? '');
  const place = placeOf(segmentsOf(path) ?? [], kinds);
  const watches = ['1', 'true'].includes(query.get('watch') ?? '');
  return { path, query, place, verb: place && verbOf(method, place, watches) };
}

/** Answers a request as kube-apiserver does: who, then where, then whether, then what. */
export function answerOf(
  api: Api,
  request: IncomingMessage,
  asked: Asked,
  text: string | undefined,
  caller: Caller | undefined,
): Answer | Watch {
  const { path, query, place, verb } = asked;
  try {
    if (open.includes(path) && path !== '/version') return { status: 200, text: 'ok' };
    if (!caller && !open.includes(path)) throw unauthorized();
    const found =
      request.method === 'GET' && discovered(segmentsOf(path) ?? [], api.kinds, api.release);
    if (found) return { status: 200, body: found };
    if (!place || !caller) return nowhere(path);
    if (!verb) throw wrongMethod(place, request.method);
    const refusal = refusalOf(caller, {
      verb,
      kind: place.kind,
      namespace: place.namespace,
      name: place.name,
      subresource: place.subresource,
    });
    if (refusal) throw refusal;
    if (text === undefined) throw tooLarge();
    const warnings = deprecations(place);
    const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
    const agent = request.headers['user-agent']?.split('/')[0] ?? 'unknown';
    const ask: Ask = { api, place, verb, query, caller, contentType, agent, text, warnings };
    const answer = doers[verb](ask);
    return answer instanceof Watch ? answer : warned(answer, warnings);
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    return { status: error.code, body: error.status };
  }
}

const doers: Record<Verb, (ask: Ask) => Answer | Watch> = {
  get: getObject,
  list: listObjects,
  watch: (ask) => new Watch(ask),
  create: createObject,
  update: updateObject,
  patch: patchObject,
  delete: deleteObject,
};

/** Groups of custom resources answer with a bare page, what is built in with a Status. */
function nowhere(path: string): Answer {
  if (!/^\/api\/v1\/|^\/apis\/(apps|storage\.k8s\.io)\/v1\//.test(path)) return noSuchPage;
  throw noSuchResource();
}

/** The real API server can delete whole collections too; RBAC lets nobody here do that. */
const wrongMethod = ({ kind }: Place, method = ''): KubeError =>
  kind.fields || method === 'DELETE' || method === 'POST'
    ? new KubeError(
        405,
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
        {},
      )
    : badRequest('name must be provided');

const tooLarge = (): KubeError =>
  new KubeError(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 4194304');

/** The warning that a version's days are numbered. */
function deprecations({ kind, version }: Place): string[] {
  if (!kind.versions.find(({ name }) => name === version)?.deprecated) return [];
  const better = kind.versions.find(({ name, deprecated }) => !deprecated && name > version);
  const text = `${kind.group}/${version} ${kind.kind} is deprecated`;
  return [better ? `${text}; use ${kind.group}/${better.name} ${kind.kind}` : text];
}

const warned = (answer: Answer, warnings: readonly string[]): Answer =>
  warnings.length === 0
    ? answer
    : {
        ...answer,
        headers: {
          ...answer.headers,
          warning: warnings.map((text) => `299 - "${text.replaceAll(/["\\]/g, '\\$&')}"`),
        },
      };
