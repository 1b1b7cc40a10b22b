import { ApiError } from '../http/errors.js';
import type { Door } from '../http/session.js';

/** A bearer token as a login gives it. */
export interface Bearer {
  readonly token: string;
  /** Milliseconds since 1970, or RFC 3339. A token is renewed before this; without it, when it is refused. */
  readonly expiresAt?: number | string | Date;
}

/** How tokens are got and given back. `login`: one attempt, AUTH_FAILED for a refusal and for nothing else. */
export interface BearerDoor {
  /** True where `login` shows no password to anybody, so that nothing it does could lock an account. */
  readonly fixed?: boolean;
  login(signal: AbortSignal): Promise<Bearer>;
  logout?(bearer: Bearer): Promise<void>;
}

/** Milliseconds before its end at which a token is no longer used: clocks differ, and requests take time. */
const margin = 60_000;

/** A fixed token, as a kubeconfig holds one. */
export const fixedToken = (token: string): BearerDoor => ({
  fixed: true,
  login: async () => ({ token }),
});

/** A door whose tokens can stand in a header: anything else is UPSTREAM. Nothing of the token is told. */
export const bearerDoor = (door: BearerDoor, label: string): Door<Bearer> => ({
  async login(signal) {
    const bearer = await door.login(signal);
    // One that has ended when it is made says that clocks differ: then only a refusal tells.
    if (/^[\x21-\x7e]{1,65536}$/.test(bearer.token))
      return isSpent(bearer, Date.now()) ? { token: bearer.token } : bearer;
    throw new ApiError('UPSTREAM', `The login to ${label} gave no token that can be sent`, {
      remedy: 'Try again later, and check proxies between here and the server.',
    });
  },
  logout: async (bearer) => door.logout?.(bearer),
});

/** Whether a token has ended or is about to. */
export function isSpent({ expiresAt }: Bearer, now: number): boolean {
  if (expiresAt === undefined) return false;
  const end = new Date(expiresAt).getTime();
  return !Number.isNaN(end) && end - margin <= now;
}
