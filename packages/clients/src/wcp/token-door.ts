import { type Bearer, type BearerDoor, fixedToken } from '../kube/login.js';
import { type LoginService, logIn, type Token } from './login.js';

/** Tokens of a Supervisor, each of a login of its own. */
export const supervisorDoor = (service: LoginService): BearerDoor => ({
  login: async (signal) => bearerOf(await logIn(service, signal)),
});

/** The token that is there, then new ones; the one of a kubeconfig secret is all there is. */
export function clusterDoor(
  first: Token,
  renew: ((signal: AbortSignal) => Promise<Token>) | undefined,
): BearerDoor {
  if (!renew) return fixedToken(first.token);
  let unused: Token | undefined = first;
  return {
    async login(signal) {
      const token = unused ?? (await renew(signal));
      unused = undefined;
      return bearerOf(token);
    },
  };
}

const bearerOf = ({ token, expiresAt }: Token): Bearer => ({
  token,
  ...(expiresAt !== undefined && { expiresAt }),
});
