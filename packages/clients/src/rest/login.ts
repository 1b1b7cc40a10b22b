import type { Endpoint } from '../http/endpoint.js';
import { ApiError } from '../http/errors.js';
import type { Door } from '../http/session.js';
import type { Transport } from '../http/transport.js';
import type { Credentials } from '../vim/login.js';
import { type Answer, exchange, isSuccess, unreadable } from './exchange.js';
import type { Style } from './place.js';
import { refused, saidIn } from './refused.js';

/** A session, and the style of the API it was made in. */
export interface Entered {
  readonly token: string;
  readonly style: Style;
}

interface Entrance {
  readonly endpoint: Endpoint;
  readonly transport: Transport;
  readonly credentials: () => Promise<Credentials>;
}

const sessions: Readonly<Record<Style, string>> = {
  api: '/api/session',
  rest: '/rest/com/vmware/cis/session',
};

/** Milliseconds a logout may take. */
const farewell = 5_000;

/** Headers that show the session. The legacy API would read a cookie otherwise. */
export const badge = ({ token, style }: Entered): Readonly<Record<string, string>> => ({
  'vmware-api-session-id': token,
  ...(style === 'rest' && { 'vmware-use-header-authn': 'true' }),
});

/**
 * POST and DELETE /api/session; where there is none, which is found out once, the legacy session. A
 * refused login is AUTH_FAILED; one whose answer was lost is not. A server with neither (ESXi) is
 * NOT_SUPPORTED.
 */
export function restDoor({ endpoint, transport, credentials }: Entrance): Door<Entered> {
  let known: Style | undefined;

  return {
    async login(signal) {
      const { username, password } = await credentials();
      const secret = Buffer.from(`${username}:${password}`).toString('base64');
      for (const style of known ? [known] : (['api', 'rest'] as const)) {
        const answer = await exchange(transport, {
          method: 'POST',
          path: sessions[style],
          headers: { authorization: `Basic ${secret}`, 'vmware-use-header-authn': 'true' },
          signal,
          idempotent: false,
        }).catch((error: unknown) => {
          throw error instanceof ApiError && error.effect === 'unknown'
            ? lost(endpoint, error)
            : error;
        });
        if (answer.status === 404 && !known) continue;
        if (answer.status === 401) throw wrongPassword(endpoint, username, answer);
        if (!isSuccess(answer)) throw refused(`The login to ${endpoint.host}`, answer);
        known = style;
        return { token: tokenIn(answer, style, endpoint), style };
      }
      throw noApi(endpoint);
    },

    async logout(session) {
      await exchange(transport, {
        method: 'DELETE',
        path: sessions[session.style],
        headers: badge(session),
        signal: AbortSignal.timeout(farewell),
        idempotent: false,
      });
    },
  };
}

/** The token is put into headers, so nothing but printable ASCII is taken for one. */
function tokenIn({ body }: Answer, style: Style, { host }: Endpoint): string {
  const value = style === 'rest' ? (body as { value?: unknown } | null | undefined)?.value : body;
  if (typeof value === 'string' && /^[\x21-\x7e]{1,4096}$/.test(value)) return value;
  throw unreadable(`the login to ${host}`, 'there is no session id in it');
}

function wrongPassword({ name, host, product }: Endpoint, username: string, answer: Answer) {
  const { type, messages } = saidIn(answer);
  const said = messages.join(' — ') || 'the user name or password is wrong';
  return new ApiError(
    'AUTH_FAILED',
    `${host} refused the login of ${username} to the target ${name}: ${said}`,
    {
      remedy: `Correct the password of the target ${name}, then run vmware-${product} doctor --reset-login ${name}.`,
      details: { status: answer.status, ...(type && { error_type: type }), messages },
    },
  );
}

const lost = ({ host }: Endpoint, cause: unknown) =>
  new ApiError(
    'CONNECTION_LOST',
    `The login to ${host} failed: the connection was lost before the server had answered`,
    { remedy: 'Try again.', retryable: true, cause },
  );

const noApi = ({ name, host }: Endpoint) =>
  new ApiError(
    'NOT_SUPPORTED',
    `${host} (target ${name}) has no vSphere Automation API: it is an ESXi host, or older than vCenter 6.5`,
    { remedy: 'Use a target that is a vCenter Server; tags are kept there.' },
  );
