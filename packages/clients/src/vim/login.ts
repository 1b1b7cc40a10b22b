import type { Endpoint } from '../http/endpoint.js';
import { ApiError } from '../http/errors.js';
import type { Door } from '../http/session.js';
import type { Response, Transport } from '../http/transport.js';
import { explain } from './faults.js';
import { invoke } from './soap.js';
import type { ServiceContent } from './types.js';
import { VimFault } from './vim-fault.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** A logged-in session. */
export interface LoggedIn {
  /** `vmware_soap_session="..."` as the server wrote it. */
  readonly cookie: string;
  /** Key of the session, as HasPrivilegeOnEntities wants it. */
  readonly key: string;
  readonly userName: string;
}

interface Entrance {
  readonly endpoint: Endpoint;
  readonly transport: Transport;
  readonly credentials: () => Promise<Credentials>;
  readonly content: () => Promise<ServiceContent>;
}

/** Milliseconds a logout may take. */
const farewell = 5_000;

/** SessionManager.Login and Logout. A refused login is AUTH_FAILED; one whose answer was lost is not. */
export function vimDoor({ endpoint, transport, credentials, content }: Entrance): Door<LoggedIn> {
  return {
    async login(signal) {
      const { username, password } = await credentials();
      const { sessionManager, about } = await content();
      let cookie = '';
      const invocation = {
        method: 'Login',
        on: sessionManager,
        args: { userName: username, password, locale: 'en_US' },
        version: about.apiVersion,
        changes: true,
        signal,
      };
      try {
        const answer = await invoke(transport, invocation, {
          received: (response) => {
            cookie = cookieOf(response);
          },
        });
        const { key, userName } = answer as { key: string; userName: string };
        if (!cookie) throw failed(endpoint, 'the server gave no session cookie');
        return { cookie, key, userName };
      } catch (error) {
        if (error instanceof VimFault) throw refused(endpoint, username, explain(error));
        if (error instanceof ApiError && error.effect === 'unknown')
          throw failed(endpoint, 'the connection was lost before the server had answered', error);
        throw error;
      }
    },

    async logout({ cookie }) {
      const { sessionManager, about } = await content();
      await invoke(transport, {
        method: 'Logout',
        on: sessionManager,
        cookie,
        version: about.apiVersion,
        changes: true,
        signal: AbortSignal.timeout(farewell),
      });
    },
  };
}

function cookieOf({ headers }: Response): string {
  const set = headers['set-cookie']?.find((it) => it.startsWith('vmware_soap_session='));
  return set?.split(';')[0] ?? '';
}

function refused({ name, host, product }: Endpoint, username: string, error: unknown): unknown {
  if (!(error instanceof ApiError) || error.code !== 'AUTH_FAILED') return error;
  return new ApiError(
    'AUTH_FAILED',
    `${host} refused the login of ${username} to the target ${name}: ${error.message}`,
    {
      remedy: `Correct the password of the target ${name}, then run vmware-${product} doctor --reset-login ${name}.`,
      ...(error.details && { details: error.details }),
      cause: error,
    },
  );
}

const failed = ({ host }: Endpoint, why: string, cause?: unknown) =>
  new ApiError('CONNECTION_LOST', `The login to ${host} failed: ${why}`, {
    remedy: 'Try again.',
    retryable: true,
    cause,
  });
