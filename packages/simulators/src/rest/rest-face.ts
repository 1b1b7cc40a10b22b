import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ref } from '../inventory/entities.js';
import type { Tags } from '../inventory/tags.js';
import { readBody, writeBody } from '../server/body.js';
import type { Clock } from '../server/clock.js';
import { delay, type FaultRule, type Faults, preempt } from '../server/faults.js';
import type { Session, Sessions } from '../vcenter/sessions.js';
import type { Received } from '../vcenter/soap-face.js';
import type { RestAnswer as Answer, RestRoutes } from './rest-routes.js';
import { RestSessions } from './rest-sessions.js';
import { findRoute, type Style } from './routes.js';
import { badRequest, noSuchRoute, unauthenticated, VapiError } from './vapi-error.js';

export interface RestFaceOptions {
  readonly tags: Tags;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly received: (request: Received) => void;
  /** Served beside the tags. */
  readonly routes?: RestRoutes | undefined;
}

interface Found {
  readonly name: string;
  readonly id: string;
  readonly changes: boolean;
  readonly act: Act;
}

type Act = (request: IncomingMessage, text: string) => Answer;

export const isRestPath = (target = ''): boolean => /^\/(api|rest|wcp)([/?]|$)/.test(target);

const sessionPaths: Readonly<Record<string, Style>> = {
  '/api/session': 'api',
  '/rest/com/vmware/cis/session': 'rest',
};

/** The vSphere Automation API: sessions, the tags, read only, and `routes`. Every other route is 404, with or without a session. */
export class RestFace {
  readonly #options: RestFaceOptions;
  readonly #sessions: RestSessions;

  constructor(options: RestFaceOptions) {
    this.#options = options;
    this.#sessions = new RestSessions(options.sessions);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const style = url.startsWith('/rest') ? 'rest' : 'api';
    const { name, id, changes, act } = this.#find(method, url, style);
    const text = await readBody(request);
    const received: Received = {
      method: name,
      on: id,
      changes,
      at: this.#options.clock.now(),
      session: sessionIdOf(request),
      bytes: Buffer.byteLength(text ?? ''),
    };
    this.#options.received(received);
    this.#options.routes?.received({ ...received, target: url, body: text });
    if (text === undefined) {
      response.writeHead(413).end();
      return;
    }
    const rule = this.#options.faults.take(name, id);
    if (rule) await delay(rule);
    if (rule?.then && preempt(rule.then, response)) return;
    await send(response, style, () => act(request, text), rule?.then);
  }

  #find(method: string, url: string, style: Style): Found {
    const door = Object.hasOwn(sessionPaths, url) ? this.#door(method, style) : undefined;
    if (door) return { name: `${method} ${url}`, id: '', changes: false, act: door };
    const open = this.#options.routes?.findOpen(method, url);
    if (open)
      return {
        name: open.name,
        id: '',
        changes: false,
        act: ({ headers }, text) => open.answer(headers.authorization, text),
      };
    const added = this.#options.routes?.find(method, url);
    if (added)
      return {
        name: added.name,
        id: added.id,
        changes: added.changes,
        act: (request, text) => added.answer(this.#entered(request), text),
      };
    const route = findRoute(method, url, style);
    if (!route)
      return {
        name: `${method} ${url.split('?')[0]}`,
        id: '',
        changes: false,
        act: () => {
          throw noSuchRoute();
        },
      };
    const { name, id, answer, changesObject } = route;
    return {
      name,
      id,
      changes: changesObject,
      act: (request, text) => {
        const session = this.#entered(request);
        const asked = { id, tags: this.#options.tags, user: session.user };
        if (changesObject) {
          answer({ ...asked, object: objectIn(text) });
          return { status: 204 };
        }
        refuseArguments(text);
        const body = answer(asked);
        return { status: 200, body: style === 'rest' ? { value: body } : body };
      },
    };
  }

  #door(method: string, style: Style): Act | undefined {
    if (method === 'POST')
      return ({ headers }) => {
        const id = this.#sessions.login(headers.authorization, headers['user-agent'] ?? '');
        if (id === undefined) throw unauthenticated();
        return style === 'rest' ? { status: 200, body: { value: id } } : { status: 201, body: id };
      };
    if (method === 'DELETE')
      return (request) => {
        const session = this.#entered(request);
        this.#sessions.logout(session);
        return style === 'rest' ? { status: 200, body: {} } : { status: 204 };
      };
    return undefined;
  }

  #entered(request: IncomingMessage): Session {
    const session = this.#sessions.use(sessionIdOf(request));
    if (!session) throw unauthenticated();
    return session;
  }
}

const sessionIdOf = ({ headers }: IncomingMessage): string | undefined => {
  const id = headers['vmware-api-session-id'];
  return typeof id === 'string' ? id : undefined;
};

/** `{"object_id": {"type": "VirtualMachine", "id": "vm-12"}}`, and nothing else. */
function objectIn(text: string): Ref {
  const body = parsed(text);
  const object = isObject(body) ? body['object_id'] : undefined;
  const isWhole =
    isObject(body) &&
    isObject(object) &&
    Object.keys(body).length === 1 &&
    Object.keys(object).length === 2 &&
    typeof object['type'] === 'string' &&
    typeof object['id'] === 'string';
  if (!isWhole) throw badRequest('The body of the request is not an object_id.');
  return { type: object['type'] as string, value: object['id'] as string };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('The body of the request is not JSON.');
  }
}

/** The other routes take none: the body is empty, or an object with nothing in it. */
function refuseArguments(text: string): void {
  if (text === '') return;
  const body = parsed(text);
  if (body !== null && (typeof body !== 'object' || Object.keys(body).length > 0))
    throw badRequest('Unexpected properties in the body of the request.');
}

/** Answers, then fails as the fault rule says. What is no vAPI error is a defect of the simulator, and says so. */
async function send(
  response: ServerResponse,
  style: Style,
  act: () => Answer,
  failure: FaultRule['then'],
): Promise<void> {
  const { status, headers = {}, body } = answered(act, style);
  if (typeof failure === 'object' && 'drop' in failure) {
    response.destroy();
    return;
  }
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body === undefined) {
    response.end();
    return;
  }
  response.setHeader('content-type', 'application/json');
  const cut =
    typeof failure === 'object' && 'cutAfterBytes' in failure ? failure.cutAfterBytes : undefined;
  await writeBody(response, [JSON.stringify(body)], cut);
}

function answered(act: () => Answer, style: Style): Answer {
  try {
    return act();
  } catch (error) {
    const failure =
      error instanceof VapiError
        ? error
        : new VapiError(
            500,
            'INTERNAL_SERVER_ERROR',
            'simulator',
            `The simulator failed: ${error}`,
          );
    return { status: failure.status, body: failure.body(style) };
  }
}
