import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../server/clock.js';
import type { User } from './privileges.js';
import type { DataObject } from './value.js';
import { VimFault } from './vim-fault.js';

/** A view, property collector or filter: it lives and dies with its session. */
export interface SessionObject {
  readonly type: string;
  readonly id: string;
  close?(): void;
}

export interface Session {
  readonly key: string;
  readonly cookie: string;
  readonly user: User;
  readonly agent: string;
  readonly loggedIn: Date;
  lastActive: Date;
  calls: number;
  /** Requests being served: a session in use does not idle. */
  busy: number;
  readonly objects: Map<string, SessionObject>;
  /** Results that wait for ContinueRetrievePropertiesEx. */
  readonly pages: Map<string, unknown>;
}

const lockAfter = 5;
const failureWindow = 3 * 60_000;
const lockFor = 5 * 60_000;

/** Log-ins of one vCenter: sessions expire when idle, and five wrong passwords in three minutes lock an account. */
export class Sessions {
  readonly #users: readonly User[];
  readonly #clock: Clock;
  readonly #idle: number;
  readonly #live = new Map<string, Session>();
  readonly #ended = new Map<string, Session>();
  readonly #failures = new Map<string, number[]>();
  /** Log-ins that succeeded. */
  logins = 0;
  failedLogins = 0;
  logouts = 0;

  constructor(users: readonly User[], clock: Clock, idleMilliseconds: number) {
    this.#users = users;
    this.#clock = clock;
    this.#idle = idleMilliseconds;
  }

  get open(): number {
    this.#sweep();
    return this.#live.size;
  }

  /** Whether an account is locked out now. */
  locked(username: string): boolean {
    const failures = this.#failures.get(username.toLowerCase()) ?? [];
    const now = this.#clock.now().getTime();
    const last = failures.at(-1) ?? 0;
    return failures.length >= lockAfter && now - last < lockFor;
  }

  login(username: string, password: string, agent: string): Session {
    const name = username.toLowerCase();
    const user = this.#users.find((each) => each.username.toLowerCase() === name);
    if (this.locked(username) || user?.password !== password) {
      this.#fail(name);
      throw new VimFault('InvalidLogin');
    }
    this.#failures.delete(name);
    this.logins += 1;
    const now = this.#clock.now();
    const session: Session = {
      key: randomUUID(),
      cookie: randomBytes(20).toString('hex'),
      user,
      agent,
      loggedIn: now,
      lastActive: now,
      calls: 0,
      busy: 0,
      objects: new Map(),
      pages: new Map(),
    };
    this.#live.set(session.cookie, session);
    return session;
  }

  /** The live session of a cookie, its idle time started anew. */
  use(cookie: string | undefined): Session | undefined {
    this.#sweep();
    const session = cookie === undefined ? undefined : this.#live.get(cookie);
    if (!session) return undefined;
    session.lastActive = this.#clock.now();
    session.calls += 1;
    return session;
  }

  /** A session that has expired. Its views still resolve, its properties do not: see RetrievePropertiesEx. */
  ended(cookie: string | undefined): Session | undefined {
    return cookie === undefined ? undefined : this.#ended.get(cookie);
  }

  active(key: string, username: string): boolean {
    this.#sweep();
    return [...this.#live.values()].some(
      (each) => each.key === key && each.user.username.toLowerCase() === username.toLowerCase(),
    );
  }

  logout(session: Session): void {
    this.logouts += 1;
    this.#end(session);
    this.#ended.delete(session.cookie);
  }

  /** Ends every session at once, as a restarted vCenter does. */
  expire(): void {
    for (const session of this.#live.values()) this.#end(session);
  }

  #sweep(): void {
    const now = this.#clock.now().getTime();
    for (const session of this.#live.values())
      if (session.busy === 0 && now - session.lastActive.getTime() >= this.#idle)
        this.#end(session);
  }

  #end(session: Session): void {
    this.#live.delete(session.cookie);
    this.#ended.set(session.cookie, session);
    for (const object of session.objects.values()) object.close?.();
  }

  #fail(name: string): void {
    this.failedLogins += 1;
    const now = this.#clock.now().getTime();
    const recent = (this.#failures.get(name) ?? []).filter((at) => now - at < failureWindow);
    if (!this.locked(name)) this.#failures.set(name, [...recent, now]);
  }
}

export const userSession = (session: Session): DataObject => ({
  key: session.key,
  userName: session.user.username,
  fullName: session.user.username,
  loginTime: session.loggedIn,
  lastActiveTime: session.lastActive,
  locale: 'en',
  messageLocale: 'en',
  extensionSession: false,
  ipAddress: '127.0.0.1',
  userAgent: session.agent,
  callCount: session.calls,
});
