import type { Endpoint } from '../http/endpoint.js';
import { ApiError } from '../http/errors.js';
import { openTransport, type Transport } from '../http/transport.js';
import { errorAt } from '../kube/connection.js';
import { fieldsOf } from '../kube/status.js';
import { exchange, isSuccess, unreadable } from '../rest/exchange.js';
import type { Credentials } from '../vim/login.js';

/** A bearer token and when it ends, in milliseconds since 1970. Never written anywhere. */
export interface Token {
  readonly token: string;
  readonly expiresAt: number | undefined;
}

/** What the login service says of one cluster: a token that only this cluster takes, and where it answers. */
export interface GuestLogin extends Token {
  /** Host, with or without a port. */
  readonly server: string | undefined;
  /** PEM of the authority that issued the cluster's certificate. */
  readonly ca: string | undefined;
}

export interface Cluster {
  readonly namespace: string;
  readonly name: string;
}

/** Where to log in, in the order in which it is tried. */
export interface LoginService {
  /** For messages: `the Supervisor a`, `the cluster dev/web`. */
  readonly to: string;
  readonly places: readonly Endpoint[];
  readonly credentials: () => Promise<Credentials>;
}

const route = '/wcp/login';

/** POST /wcp/login with the account, as kubectl-vsphere does. Throws AUTH_FAILED where it is refused. */
export async function logIn(service: LoginService, signal: AbortSignal): Promise<Token> {
  const body = await post(service, undefined, signal);
  return tokenIn(body, service);
}

/** The same for one cluster. NOT_FOUND: this login service knows no clusters, or not this one. */
export async function logInToCluster(
  service: LoginService,
  { namespace, name }: Cluster,
  signal: AbortSignal,
): Promise<GuestLogin> {
  const body = await post(
    service,
    { guest_cluster_name: name, guest_cluster_namespace: namespace },
    signal,
  );
  const ca = textIn(body, 'guest_cluster_ca');
  return {
    ...tokenIn(body, service),
    server: textIn(body, 'guest_cluster_server'),
    ca: ca === undefined ? undefined : pem(ca),
  };
}

/** Asks one place after the other; the next only where the one before has no login service at all. */
async function post(
  service: LoginService,
  asked: Readonly<Record<string, string>> | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const { username, password } = await service.credentials();
  const secret = Buffer.from(`${username}:${password}`).toString('base64');
  const missing: ApiError[] = [];
  for (const place of service.places) {
    const transport = openTransport(place);
    try {
      return await once(transport, place, { service, username, secret, asked, signal });
    } catch (error) {
      if (!isNoLogin(error) || signal.aborted) throw error;
      missing.push(error);
    } finally {
      transport.close();
    }
  }
  const [first] = missing;
  if (!first || missing.length === 1) throw first;
  throw new ApiError(
    missing.find(({ code }) => code === 'NOT_FOUND')?.code ?? first.code,
    missing.map(({ message }) => message).join('; '),
    {
      remedy: first.remedy,
      retryable: missing.some(({ retryable }) => retryable),
      details: { login: service.to },
      cause: first,
    },
  );
}

const unreachable = new Set(['NOT_FOUND', 'UNREACHABLE', 'CONNECTION_LOST', 'TIMEOUT']);

/** Whether a login failed because nothing that answers there has such a login. */
export const isNoLogin = (error: unknown): error is ApiError =>
  error instanceof ApiError && unreachable.has(error.code);

interface Attempt {
  readonly service: LoginService;
  readonly username: string;
  readonly secret: string;
  readonly asked: Readonly<Record<string, string>> | undefined;
  readonly signal: AbortSignal;
}

async function once(
  transport: Transport,
  { host, port, name }: Endpoint,
  { service, username, secret, asked, signal }: Attempt,
): Promise<unknown> {
  const answer = await exchange(transport, {
    method: 'POST',
    path: route,
    headers: { authorization: `Basic ${secret}`, 'content-type': 'application/json' },
    ...(asked && { body: JSON.stringify(asked) }),
    signal,
    idempotent: true, // it makes a token and changes nothing
  }).catch((error: unknown) => {
    throw errorAt(`The login of ${username} to ${service.to}`, error);
  });
  if (isSuccess(answer)) return answer.body;
  const what = `The login of ${username} to ${service.to} at ${host}:${port}`;
  const remedy = `Run \`vmware-vks preflight-auth --target ${name}\`: it says which of the logins fails.`;
  const details = { status: answer.status, login: service.to };
  if (answer.status === 401)
    throw new ApiError('AUTH_FAILED', `${what} was refused (HTTP 401)`, { remedy, details });
  // The password was right: that must not count against the account.
  if (answer.status === 403)
    throw new ApiError('NO_PERMISSION', `${what} was refused (HTTP 403)`, {
      remedy: 'Ask for a role on a vSphere Namespace of this Supervisor.',
      details,
    });
  throw new ApiError(
    answer.status === 404 ? 'NOT_FOUND' : 'UPSTREAM',
    `${what} was answered with HTTP ${answer.status}`,
    {
      remedy: `Run \`vmware-vks preflight-auth --target ${name}\`, or set supervisor_login: in config.yaml.`,
      retryable: answer.status >= 500,
      details,
    },
  );
}

function tokenIn(body: unknown, { to }: LoginService): Token {
  const token = textIn(body, 'session_id');
  // It goes into a header: nothing but printable ASCII is taken for one.
  if (token === undefined || !/^[\x21-\x7e]{1,16384}$/.test(token))
    throw unreadable(`the login to ${to}`, 'there is no session_id in it');
  return { token, expiresAt: expiryOf(token) };
}

/** `exp` of a JSON Web Token; undefined for a token that is none. Nothing is verified: it only says when to renew. */
export function expiryOf(token: string): number | undefined {
  try {
    const [, payload = ''] = token.split('.');
    const { exp } = fieldsOf(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}

function textIn(body: unknown, name: string): string | undefined {
  const value = fieldsOf(body)[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** PEM as it is, or Base64 of it. */
const pem = (text: string): string =>
  text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64').toString('utf8');
