import type { Rules } from '../authorities.js';
import type { Home } from '../home.js';
import { grantFor, underGrant } from './grants.js';

/** The rules, with what they forbid set aside where the caller holds a grant. */
export const rulesUnderGrants = (
  rules: Rules,
  home: Home,
  now: () => number = Date.now,
): Rules => ({
  async judge(call, when) {
    const verdict = await rules.judge(call, when);
    if (verdict.allowed || verdict.code !== 'DENIED_BY_RULE') return verdict;
    const grant = grantFor(home, call, now());
    return grant ? underGrant(verdict, grant) : verdict;
  },
});
