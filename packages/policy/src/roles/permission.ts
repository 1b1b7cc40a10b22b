import { type Caller, includesLevel, type Verdict } from '../call.js';
import type { RuleSet } from '../rules/rule-set.js';
import { type Level, levels } from '../tool.js';
import { levelOf, rolesOf, type Trust } from './levels.js';

/** Whether the caller's level includes the tool's. */
export function permission(
  set: RuleSet,
  tool: { readonly name: string; readonly level: Level },
  caller: Caller | undefined,
  trust: Trust,
): Verdict {
  const have = caller && levelOf(set, caller, trust);
  const by = { rule: 'roles', rules: set.digest };
  if (includesLevel(levels, have, tool.level))
    return {
      ...by,
      allowed: true,
      reason: `${caller?.user} has '${have}', and ${tool.name} needs '${tool.level}'.`,
      remedy: 'Run `vmware-audit rules show` to see who has which role.',
    };
  return {
    ...by,
    allowed: false,
    code: 'PERMISSION_DENIED',
    reason: `Permission denied: ${caller?.user ?? 'nobody'} lacks '${tool.level}' permission for '${tool.name}'`,
    remedy: set.roles
      ? `Ask for a role of level ${tool.level} in ${set.file}; \`vmware-audit rules show\` lists them.`
      : `Ask for a group that gives ${tool.level}; \`vmware-audit rules show\` lists the roles.`,
    details: {
      need: tool.level,
      have: have ?? null,
      roles: caller ? rolesOf(set, caller) : [],
    },
  };
}
