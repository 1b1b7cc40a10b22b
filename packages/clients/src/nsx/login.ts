import type { Endpoint } from '../http/endpoint.js';
import { ApiError } from '../http/errors.js';
import type { Door } from '../http/session.js';
import { type Response, type Transport, textOf } from '../http/transport.js';
import type { Credentials } from '../vim/login.js';
import { refused, saidIn } from './refused.js';

/** How a request shows who is asking. */
export interface Entered {
  readonly headers: Readonly<Record<string, string>>;
  /** Whether there is a session to end. */
  readonly session: boolean;
}

export type Authentication = 'session' | 'basic' | 'certificate';

interface Entrance {
  readonly endpoint: Endpoint;
  readonly transport: Transport;
  readonly credentials: () => Promise<Credentials>;
  readonly authentication: Authentication;
}

/** Milliseconds a logout may take. */
const farewell = 5_000;

/**
 * A session (POST /api/session/create, cookie and X-XSRF-TOKEN), basic authentication, or the client
 * certificate of a principal identity, which the transport shows. The last two are tried with one read, so
 * that a wrong password is found out once. A refusal is AUTH_FAILED.
 */
export function nsxDoor(entrance: Entrance): Door<Entered> {
  const { transport, authentication } = entrance;
  return {
    login: (signal) =>
      authentication === 'session' ? create(entrance, signal) : attempt(entrance, signal),
    async logout({ headers, session }) {
      if (!session) return;
      const response = await transport.send({
        method: 'POST',
        path: '/api/session/destroy',
        headers,
        signal: AbortSignal.timeout(farewell),
        idempotent: false,
      });
      await textOf(response);
    },
  };
}

async function create(entrance: Entrance, signal: AbortSignal): Promise<Entered> {
  const { endpoint, transport, credentials } = entrance;
  const { username, password } = await credentials();
  const response = await answered(endpoint, () =>
    transport.send({
      method: 'POST',
      path: '/api/session/create',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `j_username=${strictly(username)}&j_password=${strictly(password)}`,
      signal,
      idempotent: false,
    }),
  );
  const text = await textOf(response);
  if (response.status === 401 || response.status === 403)
    throw wrong(endpoint, username, response, text);
  if (response.status !== 200) throw refused(`The login to ${endpoint.host}`, response, text, true);
  const cookie = response.headers['set-cookie']?.find((each) => each.startsWith('JSESSIONID='));
  const token = response.headers['x-xsrf-token'];
  if (!cookie || typeof token !== 'string')
    throw new ApiError('UPSTREAM', `The login to ${endpoint.host} gave no session`, {
      remedy: 'Check that host: names an NSX Manager, and proxies between here and there.',
    });
  const [pair = ''] = cookie.split(';');
  return { headers: { cookie: pair, 'x-xsrf-token': token }, session: true };
}

async function attempt(entrance: Entrance, signal: AbortSignal): Promise<Entered> {
  const { endpoint, transport, credentials, authentication } = entrance;
  const basic = authentication === 'basic' ? await credentials() : undefined;
  const secret = basic && Buffer.from(`${basic.username}:${basic.password}`).toString('base64');
  const headers = secret === undefined ? {} : { authorization: `Basic ${secret}` };
  const response = await answered(endpoint, () =>
    transport.send({
      method: 'GET',
      path: '/api/v1/node/version',
      headers,
      signal,
      idempotent: true,
    }),
  );
  const text = await textOf(response);
  if (response.status === 401 || response.status === 403)
    throw wrong(endpoint, basic?.username ?? 'the client certificate', response, text);
  if (response.status !== 200) throw refused(`The login to ${endpoint.host}`, response, text, true);
  return { headers, session: false };
}

/** Form encoding of all but unreserved characters: NSX takes a bare plus for a space. */
const strictly = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*~]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** A login whose answer was lost changed nothing: it may be tried again. */
async function answered({ host }: Endpoint, send: () => Promise<Response>): Promise<Response> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof ApiError) || error.effect !== 'unknown') throw error;
    throw new ApiError(
      'CONNECTION_LOST',
      `The login to ${host} failed: the connection was lost before the server had answered`,
      { remedy: 'Try again.', retryable: true, cause: error },
    );
  }
}

function wrong(endpoint: Endpoint, who: string, { status }: Response, text: string): ApiError {
  const { message, code } = saidIn(text);
  return new ApiError(
    'AUTH_FAILED',
    `${endpoint.host} refused the login of ${who} to the target ${endpoint.name}: ${message || 'the user name or password is wrong'}`,
    {
      remedy: `Correct the password of the target ${endpoint.name}, then run vmware-${endpoint.product} doctor --reset-login ${endpoint.name}.`,
      details: { status, ...(code !== undefined && { error_code: code }) },
    },
  );
}
