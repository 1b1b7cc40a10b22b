import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../../src/index.js';

/** Request states that a client can read and cannot make: `<what>.<HMAC>`. */
export interface States {
  seal(what: string): string;
  /** What was sealed. Throws TAMPERED_STATE for anything that was not. */
  open(state: string): string;
}

export function sealedStates(): States {
  const key = randomBytes(32);
  const seal = (what: string): string =>
    `${what}.${createHmac('sha256', key).update(what).digest('base64url')}`;
  return {
    seal,
    open(state) {
      const what = state.slice(0, state.indexOf('.'));
      const [wanted, given] = [Buffer.from(seal(what)), Buffer.from(state)];
      if (wanted.length === given.length && timingSafeEqual(wanted, given)) return what;
      throw new Refusal(
        'TAMPERED_STATE',
        'The request state is not one that this server gave.',
        'Make the call again without a state; `vmware-audit log` shows this one.',
      );
    },
  };
}
