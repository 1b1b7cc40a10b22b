import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { canonical } from '../audit/event.js';
import type { Seal } from '../authorities.js';
import type { Call } from '../call.js';
import type { Home } from '../home.js';
import { secretKey } from '../key-file.js';

/** How long a shown plan may be agreed to. */
export const secondsToAgree = 600;

const macBytes = 20;
const kinds = ['caller', 'human'] as const;

/**
 * Seals are HMAC-SHA-256 over tool, input, target, caller, rules, plan and expiry, cut to 160 bits:
 * `c1.` and base64url of nonce (12), expiry (6, ms), kind (1), mac (20). What was sealed is not in the
 * seal, so one that does not fit says nothing about what it would fit.
 */
export function openSeal(home: Home, now: () => number = Date.now): Seal {
  let key: Buffer | undefined;
  const mac = (header: Buffer, call: Call): Buffer => {
    key ??= secretKey(home);
    return createHmac('sha256', key)
      .update(header)
      .update(canonical(whatIsAgreed(call)))
      .digest()
      .subarray(0, macBytes);
  };
  return {
    async over(call, asks) {
      const expires = now() + secondsToAgree * 1000;
      const header = Buffer.alloc(19);
      randomBytes(12).copy(header);
      header.writeUIntBE(expires, 12, 6);
      header[18] = kinds.indexOf(asks);
      const seal = `c1.${Buffer.concat([header, mac(header, call)]).toString('base64url')}`;
      return { seal, expires_at: new Date(expires).toISOString() };
    },
    async check(call) {
      const { seal, by } = call.consent ?? { seal: '', by: 'caller' as const };
      const bytes = seal.startsWith('c1.') ? Buffer.from(seal.slice(3), 'base64url') : undefined;
      if (bytes?.length !== 19 + macBytes)
        return { nonce: '', wrong: 'is not a seal of a preview' };
      const header = bytes.subarray(0, 19);
      const nonce = header.subarray(0, 12).toString('base64url');
      if (!timingSafeEqual(bytes.subarray(19), mac(header, call)))
        return { nonce, wrong: 'was given for another plan, input, target or caller' };
      if (kinds[header[18] ?? 0] !== by)
        return { nonce, wrong: 'was not given by the one who was asked' };
      const left = header.readUIntBE(12, 6) - now();
      // One that holds longer than any is given is from before the clock was set back.
      if (left < 0 || left > secondsToAgree * 1000) return { nonce, wrong: 'has expired' };
      return { nonce };
    },
  };
}

const whatIsAgreed = ({ tool, input, target, caller, verdict, plan, ticket }: Call) => ({
  tool: tool.name,
  input,
  target: [target.name, target.environment],
  caller: [caller?.user, caller?.agent, caller?.surface],
  rules: verdict?.rules,
  ticket,
  plan,
});
