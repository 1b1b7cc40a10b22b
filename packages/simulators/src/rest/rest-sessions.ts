import { randomBytes } from 'node:crypto';
import type { Session, Sessions } from '../vcenter/sessions.js';
import { VimFault } from '../vcenter/vim-fault.js';

/**
 * Session ids of the REST API. Each stands for a log-in of its own in the store that SOAP uses too, so
 * that wrong passwords count together; no id is good as a SOAP cookie, and no cookie as an id.
 */
export class RestSessions {
  readonly #sessions: Sessions;
  readonly #cookies = new Map<string, string>();

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  /** A new id for an HTTP Basic header; undefined when it is refused. */
  login(authorization: string | undefined, agent: string): string | undefined {
    const [, secret = ''] = /^Basic ([\w+/=]+)$/i.exec(authorization ?? '') ?? [];
    const [username = '', password] = Buffer.from(secret, 'base64')
      .toString('utf8')
      .split(/:(.*)/s);
    if (password === undefined) return undefined;
    try {
      const { cookie } = this.#sessions.login(username, password, agent);
      const id = randomBytes(16).toString('hex');
      this.#cookies.set(id, cookie);
      return id;
    } catch (error) {
      if (error instanceof VimFault) return undefined;
      throw error;
    }
  }

  /** The live session of an id, its idle time started anew. */
  use(id: string | undefined): Session | undefined {
    const cookie = id === undefined ? undefined : this.#cookies.get(id);
    return cookie === undefined ? undefined : this.#sessions.use(cookie);
  }

  logout(session: Session): void {
    this.#sessions.logout(session);
  }
}
