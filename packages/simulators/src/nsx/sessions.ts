import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../server/clock.js';
import { NsxError } from './nsx-error.js';
import type { User } from './roles.js';

/** A log-in. Both secrets must come with every request: the id in a cookie, the token in a header. */
export interface NsxSession {
  readonly id: string;
  readonly token: string;
  readonly user: User;
  lastActive: number;
}

const lockAfter = 5;
const lockFor = 15 * 60_000;

export interface SessionOptions {
  readonly users: readonly User[];
  readonly clock: Clock;
  readonly idleMilliseconds: number;
  /** 403 on most versions, 401 on some. */
  readonly expiredStatus: 401 | 403;
}

/** Log-ins of one manager: sessions expire when idle, and five wrong passwords in 15 minutes lock an account. */
export class NsxSessions {
  readonly #options: SessionOptions;
  readonly #live = new Map<string, NsxSession>();
  readonly #failures = new Map<string, number[]>();
  /** Sessions that were created. */
  logins = 0;
  failedLogins = 0;
  logouts = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  get open(): number {
    this.#sweep();
    return this.#live.size;
  }

  /** Whether an account is locked out now. */
  locked(username: string): boolean {
    return this.#recent(username).length >= lockAfter;
  }

  /** The account a password opens; throws, and counts, when it does not. */
  check(username: string, password: string): User {
    const user = this.#options.users.find((each) => each.username === username);
    if (this.locked(username) || user?.password !== password) {
      this.failedLogins += 1;
      this.#failures.set(username, [...this.#recent(username), this.#now()].slice(-lockAfter));
      throw this.refused(403);
    }
    this.#failures.delete(username);
    return user;
  }

  login(username: string, password: string): NsxSession {
    const user = this.check(username, password);
    this.logins += 1;
    const session: NsxSession = {
      id: randomBytes(16).toString('hex').toUpperCase(),
      token: randomUUID(),
      user,
      lastActive: this.#now(),
    };
    this.#live.set(session.id, session);
    return session;
  }

  /** The live session of a cookie, its idle time started anew. Throws what NSX answers when there is none. */
  use(id: string, token: string | undefined): NsxSession {
    this.#sweep();
    const session = this.#live.get(id);
    if (!session) throw this.refused(this.#options.expiredStatus);
    if (token !== session.token)
      throw new NsxError(403, '98', 'Bad XSRF token?', 'common-services');
    session.lastActive = this.#now();
    return session;
  }

  logout(session: NsxSession): void {
    if (this.#live.delete(session.id)) this.logouts += 1;
  }

  /** Ends every session at once, as a manager that restarts or a virtual address that moves does. */
  expire(): void {
    this.#live.clear();
  }

  /** Nobody is logged in, or not with these credentials. The code is a string here, as recorded. */
  refused(status: 401 | 403): NsxError {
    return new NsxError(
      status,
      '403',
      'The credentials were incorrect or the account specified has been locked.',
      'common-services',
    );
  }

  #now(): number {
    return this.#options.clock.now().getTime();
  }

  #recent(username: string): number[] {
    const now = this.#now();
    return (this.#failures.get(username) ?? []).filter((at) => now - at < lockFor);
  }

  #sweep(): void {
    const oldest = this.#now() - this.#options.idleMilliseconds;
    for (const { id, lastActive } of this.#live.values())
      if (lastActive <= oldest) this.#live.delete(id);
  }
}
