import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { User } from './roles.js';
import type { NsxSession, NsxSessions } from './sessions.js';

/** Who sent a request, and in which session when there is one. */
export interface Caller {
  readonly user: User;
  readonly session: NsxSession | undefined;
}

/** SHA-256 fingerprint of a client certificate (`AA:BB:..`) to the account it stands for. */
export type PrincipalIdentities = Readonly<Record<string, User>>;

/** The account behind a request: its session, its Basic header, or its client certificate. Throws when there is none. */
export function authenticate(
  request: IncomingMessage,
  sessions: NsxSessions,
  identities: PrincipalIdentities,
): Caller {
  const { headers } = request;
  const cookie = cookieOf(request);
  if (cookie !== undefined) {
    const session = sessions.use(cookie, tokenOf(request));
    return { user: session.user, session };
  }
  const basic = /^Basic ([\w+/=]+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [username = '', password = ''] = Buffer.from(basic, 'base64')
      .toString('utf8')
      .split(/:(.*)/s);
    return { user: sessions.check(username, password), session: undefined };
  }
  const user = certified(request, identities);
  if (!user) throw sessions.refused(403);
  return { user, session: undefined };
}

function certified({ socket }: IncomingMessage, identities: PrincipalIdentities): User | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const { fingerprint256 } = socket.getPeerCertificate();
  return fingerprint256 === undefined ? undefined : identities[fingerprint256];
}

/** The id of the session cookie; it may be quoted. */
export const cookieOf = ({ headers }: IncomingMessage): string | undefined =>
  /(?:^|;\s*)JSESSIONID="?([^";]+)"?(?:;|$)/.exec(headers.cookie ?? '')?.[1];

/** The token that proves that a request with a session cookie was meant. */
export const tokenOf = ({ headers }: IncomingMessage): string | undefined => {
  const token = headers['x-xsrf-token'];
  return typeof token === 'string' ? token : undefined;
};
