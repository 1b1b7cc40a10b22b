import type { Call, Handlers } from '../call.js';
import { policyStatistics, reset, ruleStatistics } from '../compute/statistics.js';
import { badRequest } from '../nsx-error.js';
import type { PolicyObject } from '../store.js';
import { found } from './objects.js';

const lists = '/settings/firewall/security';

/** Counters of rules and policies, and who is excluded from the firewall. */
export const firewallHandlers: Handlers = {
  'GET /security-policies/{}/statistics': (call) =>
    policyStatistics(call.world, ownerOf(call, 'SecurityPolicy')),
  'GET /security-policies/{}/rules/{}/statistics': (call) =>
    ruleStatistics(call.world, ownerOf(call, 'Rule')),
  'POST /settings/firewall/stats?action=reset': ({ world, query }) => {
    const { category } = query;
    if (category !== 'DFW' && category !== 'EDGE')
      throw badRequest(`The parameter category is DFW or EDGE, not '${category}'.`);
    if (category === 'DFW') reset(world);
  },
  /** What people excluded, and what the system did. */
  [`GET ${lists}/exclude-list?system_owned=true`]: (call) => {
    const own = found(call, `${call.tree}${lists}/exclude-list`);
    const system = call.world.objects.get(`${call.tree}${lists}/system-exclude-list`);
    return { ...own, members: [...membersOf(system), ...membersOf(own)] };
  },
};

const ownerOf = (call: Call, type: string): string =>
  found(call, call.path.replace(/\/statistics$/, ''), type).path;

const membersOf = (list: PolicyObject | undefined): readonly string[] =>
  (list?.['members'] ?? []) as readonly string[];
