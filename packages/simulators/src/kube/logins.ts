import { randomBytes } from 'node:crypto';
import type { Clock } from '../server/clock.js';
import { type Caller, callerOf, roleIn, type User } from './accounts.js';
import type { Answer } from './answer.js';
import { isJson, type Json } from './object.js';

interface Token {
  readonly user: User;
  /** What it is good for: a Supervisor's id, or `namespace/name` of one guest cluster. */
  readonly audience: string;
  readonly expires: number;
}

/** The cluster that a body of `POST /wcp/login` asks for. */
export function clusterIn(text: string): { namespace: string; name: string } | undefined {
  const { guest_cluster_name: name, guest_cluster_namespace: namespace } = readBody(text) ?? {};
  return typeof name === 'string' && typeof namespace === 'string'
    ? { namespace, name }
    : undefined;
}

/** Where a guest cluster listens, for those who log in to it. */
export interface GuestAddress {
  /** `127.0.0.1:port`; absent while nothing listens there. */
  readonly server?: string;
  /** PEM. */
  readonly ca: string;
}

export interface LoginOptions {
  readonly users: readonly User[];
  readonly clock: Clock;
  readonly tokenMilliseconds: number;
  /** Undefined: there is no such cluster, or none that could be logged in to yet. */
  readonly guest: (namespace: string, name: string) => GuestAddress | undefined;
  /** The namespaces it may enter. */
  readonly workloads: (user: User) => readonly Json[];
}

/** What a Supervisor's tokens are good for. */
export const supervisorAudience = 'supervisor';

/**
 * The login service of a Supervisor: `POST /wcp/login` and `GET /wcp/workloads`, both with HTTP Basic. A token is good
 * for the one API server it was asked for. Shapes from public Go clients of the service; the vendor documents none.
 */
export class Logins {
  /** Logins that succeeded. */
  total = 0;
  readonly #tokens = new Map<string, Token>();
  readonly #options: LoginOptions;

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  /** Tokens that are still good. */
  get tokens(): number {
    const now = this.#options.clock.now().getTime();
    return [...this.#tokens.values()].filter(({ expires }) => expires > now).length;
  }

  /** Ends every token. */
  expire(): void {
    this.#tokens.clear();
  }

  /** Answers a request to `/wcp/...`; undefined when there is nothing at the path. */
  answer(
    method: string,
    path: string,
    authorization: string | undefined,
    text: string,
  ): Answer | undefined {
    const isLogin = method === 'POST' && path === '/wcp/login';
    if (!isLogin && !(method === 'GET' && path === '/wcp/workloads')) return undefined;
    const user = this.#userOf(authorization);
    if (!user)
      return { status: 401, headers: { 'www-authenticate': 'Basic realm="WCP"' }, text: '' };
    return isLogin ? this.#login(user, text) : { status: 200, body: this.#options.workloads(user) };
  }

  /** The caller whose token is good for an API server. */
  callerOf(authorization: string | undefined, audience: string): Caller | undefined {
    const bearer = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    const token = this.#tokens.get(bearer ?? '');
    if (!token || token.audience !== audience) return undefined;
    if (token.expires <= this.#options.clock.now().getTime()) return undefined;
    return callerOf(token.user);
  }

  #login(user: User, text: string): Answer {
    const asked = readBody(text);
    if (!asked) return { status: 400, body: { error: 'The body is no JSON object.' } };
    const { guest_cluster_name: name, guest_cluster_namespace: namespace } = asked;
    if (name === undefined && namespace === undefined) {
      this.total += 1;
      return { status: 200, body: { session_id: this.#token(user, supervisorAudience) } };
    }
    const guest =
      typeof name === 'string' &&
      typeof namespace === 'string' &&
      roleIn(callerOf(user), namespace) !== undefined
        ? this.#options.guest(namespace, name)
        : undefined;
    if (!guest) return { status: 404, body: { error: `No guest cluster ${namespace}/${name}.` } };
    this.total += 1;
    return {
      status: 200,
      body: {
        session_id: this.#token(user, `${namespace}/${name}`),
        ...(guest.server && { guest_cluster_server: guest.server }),
        guest_cluster_ca: Buffer.from(guest.ca).toString('base64'),
      },
    };
  }

  #userOf(authorization = ''): User | undefined {
    const [, encoded = ''] = /^Basic (\S+)$/.exec(authorization) ?? [];
    const text = Buffer.from(encoded, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return this.#options.users.find(
      ({ username, password }) =>
        colon > 0 &&
        username.toLowerCase() === text.slice(0, colon).toLowerCase() &&
        password === text.slice(colon + 1),
    );
  }

  /** Three parts as a JSON Web Token has; the last one proves nothing but that it came from here. */
  #token(user: User, audience: string): string {
    const now = this.#options.clock.now().getTime();
    const expires = now + this.#options.tokenMilliseconds;
    const part = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = [
      part({ alg: 'RS256', typ: 'JWT', kid: 'vmware-sim' }),
      part({
        sub: user.username,
        aud: 'vmware-tes:vc:vns:k8s',
        domain: user.username.split('@')[1] ?? '',
        iss: 'https://localhost/openidconnect/vsphere.local',
        group_names: [],
        iat: Math.floor(now / 1000),
        exp: Math.floor(expires / 1000),
        jti: randomBytes(9).toString('base64url'),
      }),
      randomBytes(64).toString('base64url'),
    ].join('.');
    this.#tokens.set(token, { user, audience, expires });
    return token;
  }
}

function readBody(text: string): Json | undefined {
  if (text.trim() === '') return {};
  try {
    const body: unknown = JSON.parse(text);
    return isJson(body) ? body : undefined;
  } catch {
    return undefined;
  }
}
