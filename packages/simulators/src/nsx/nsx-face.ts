import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../server/body.js';
import { delay, type Faults, preempt } from '../server/faults.js';
import { type Answer, closed, writeAnswer } from './answer.js';
import { authenticate, type Caller, cookieOf, type PrincipalIdentities } from './authenticate.js';
import { type Call, placeOf } from './call.js';
import { type Found, findOperation } from './catalogue.js';
import { checkBody, parseObject } from './check-body.js';
import { handlers } from './handlers/index.js';
import type { Limits } from './limits.js';
import { badJson, forbidden, NsxError, noSuchObject, noSuchRoute } from './nsx-error.js';
import { areaOf, mayChange } from './roles.js';
import { doorAnswer, isDoor } from './session-door.js';
import type { NsxSessions } from './sessions.js';
import { isServed } from './versions.js';
import type { World } from './world.js';

/** A request as it arrived. */
export interface NsxRequest {
  /** Route with its fixed query: `GET /policy/api/v1/infra/domains/{}/groups/{}`; method and path of anything else. */
  readonly method: string;
  /** The path that was called. */
  readonly on: string;
  /** The request target as it was sent, with its query. */
  readonly target: string;
  /** Whether the route changes anything. Traces, sessions and reads do not. */
  readonly changes: boolean;
  readonly at: Date;
  /** Id of the session it came with. */
  readonly session: string | undefined;
  /** The account, when it was let in. */
  readonly user: string | undefined;
  /** Size of the body. */
  readonly bytes: number;
  /** The body as it was sent, of a request that is no read and no login. */
  readonly body: string | undefined;
}

export interface NsxFaceOptions {
  readonly world: World;
  readonly sessions: NsxSessions;
  readonly identities: PrincipalIdentities;
  readonly limits: Limits;
  readonly faults: Faults;
  readonly pageCap: number;
  readonly received: (request: NsxRequest) => void;
}

/** The API of one manager. What is not in the catalogue is 404, and nothing is answered before the caller is known. */
export class NsxFace {
  readonly #options: NsxFaceOptions;

  constructor(options: NsxFaceOptions) {
    this.#options = options;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readBody(request);
    const { method = '', url = '' } = request;
    const path = url.split('?')[0] ?? '';
    const found = attempt(() => findOperation(method, url));
    const route = found instanceof NsxError ? `${method} ${path}` : found.name;
    const caller = isDoor(path) ? undefined : attempt(() => this.#caller(request));
    const name = caller instanceof NsxError ? undefined : caller?.user.username;
    const changes = !(found instanceof NsxError) && doesChange(found);
    this.#options.received({
      method: route,
      on: path,
      target: url,
      changes,
      at: this.#options.world.clock.now(),
      session: cookieOf(request),
      user: name,
      bytes: Buffer.byteLength(text ?? ''),
      body: method === 'GET' || isDoor(path) ? undefined : text,
    });
    const left = attempt(() => this.#options.limits.enter(name ?? 'nobody'));
    if (left instanceof NsxError) return writeAnswer(response, this.#refusal(left));
    try {
      const rule = this.#options.faults.take(route, path);
      if (rule) await delay(rule);
      if (rule?.then && preempt(rule.then, response)) {
        if (rule.then === 'hang') await closed(response);
        return;
      }
      const act = () =>
        isDoor(path)
          ? doorAnswer(request, path, text ?? '', this.#options.sessions)
          : this.#answer(request, found, caller, text);
      await writeAnswer(response, this.#answered(act), rule?.then);
    } finally {
      left();
    }
  }

  #caller(request: IncomingMessage): Caller {
    return authenticate(request, this.#options.sessions, this.#options.identities);
  }

  #answer(
    request: IncomingMessage,
    found: Found | NsxError,
    caller: Caller | NsxError | undefined,
    text: string | undefined,
  ): Answer {
    if (caller instanceof NsxError) throw caller;
    if (found instanceof NsxError) throw found;
    if (!caller) throw this.#options.sessions.refused(403);
    if (text === undefined)
      throw new NsxError(413, 413, 'The request is too large.', 'common-services');
    const { world } = this.#options;
    const place = placeOf(found);
    const handler = handlers[place.key];
    if (!handler || !isServed(place, found.operation, world.settings))
      throw noSuchRoute(found.path);
    if (found.operation.method !== 'GET' && !mayChange(caller.user.role, areaOf(found.path)))
      throw forbidden(
        `User ${caller.user.username} with the role ${caller.user.role} is not authorized to perform this operation on ${found.path}.`,
      );
    for (const container of [place.tree, place.domain])
      if (container !== '' && !world.objects.get(container)) throw noSuchObject(container);
    const call: Call = {
      ...place,
      world,
      user: caller.user,
      operation: found.operation,
      query: found.query,
      body: bodyOf(found, text),
      overwrite: request.headers['x-allow-overwrite'] === 'true',
      partial:
        request.headers['nsx-enable-partial-patch'] === 'true' || world.settings.partialPatch,
      pageCap: this.#options.pageCap,
    };
    const body = handler(call);
    return body === undefined
      ? { status: found.operation.status === 200 ? 200 : 204 }
      : { status: found.operation.status, body };
  }

  /** What is no NsxError is a defect of the simulator, and says so. */
  #answered(act: () => Answer): Answer {
    try {
      return act();
    } catch (error) {
      return this.#refusal(
        error instanceof NsxError
          ? error
          : new NsxError(500, 100, `The simulator failed: ${(error as Error).stack}`),
      );
    }
  }

  #refusal({ status, body }: NsxError): Answer {
    const { retryAfterSeconds } = this.#options.limits;
    const later = (status === 429 || status === 503) && retryAfterSeconds !== undefined;
    return {
      status,
      body,
      ...(later && { headers: { 'retry-after': String(retryAfterSeconds) } }),
    };
  }
}

const doesChange = ({ operation, path }: Found): boolean =>
  operation.method !== 'GET' && areaOf(path) !== 'diagnosis';

function bodyOf({ operation }: Found, text: string): Call['body'] {
  if (operation.body === undefined) return {};
  if (text === '') throw badJson('there is none.');
  return checkBody(parseObject(text), operation.body);
}

/** The value, or the refusal instead of it. */
function attempt<T>(act: () => T): T | NsxError {
  try {
    return act();
  } catch (error) {
    if (error instanceof NsxError) return error;
    throw error;
  }
}
