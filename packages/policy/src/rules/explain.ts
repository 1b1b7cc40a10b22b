import type { Caller } from '../call.js';
import { levelOf, levelOfRoles, rolesOf, type Trust } from '../roles/levels.js';
import { type Level, levels } from '../tool.js';
import { type Decision, judge } from './judge.js';
import type { ToolFacts } from './question.js';
import type { RuleSet } from './rule-set.js';

/** A call that is only thought of: who, with what, on which target, when, touching how many objects. */
export interface Described {
  readonly tool: ToolFacts;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly target?: { readonly name?: string; readonly environment?: string };
  /** With `role`, the caller has exactly that role whoever they are. */
  readonly as?: {
    readonly user?: string;
    readonly role?: string;
    readonly groups?: readonly string[];
  };
  readonly agent?: string;
  readonly surface?: Caller['surface'];
  /** Without a size, rules about it are set aside, as they are before there is a plan. */
  readonly blast_radius?: number;
  /** Calls already made, per rule id. Missing counts as none. */
  readonly rates?: ReadonlyMap<string, number>;
}

export interface Explanation {
  /** What would happen: both the level suffices and the rules allow. */
  readonly allowed: boolean;
  /** `roles` when the level is what is missing, else the rule that decides. */
  readonly rule: string;
  readonly where?: string;
  readonly reason: string;
  readonly roles: readonly string[];
  readonly level: Level | null;
  readonly decision: Decision;
}

/** Decides a described call as the stages would, and shows how every rule fared. Changes and sends nothing. */
export function explain(
  set: RuleSet,
  described: Described,
  now: Date,
  { trust = 'local', floor }: { trust?: Trust; floor?: RuleSet['consent'] } = {},
): Explanation {
  const { tool, as = {}, blast_radius: size } = described;
  const caller: Caller = {
    user: as.user ?? 'nobody',
    groups: as.groups ?? [],
    agent: described.agent ?? 'cli',
    surface: described.surface ?? 'cli',
    session: '',
  };
  const roles = as.role === undefined ? rolesOf(set, caller) : [as.role];
  const level = as.role === undefined ? levelOf(set, caller, trust) : levelOfRoles(set, roles);
  const rates = new Map(set.rules.map(({ id }) => [id, described.rates?.get(id) ?? 0]));
  const decision = judge(
    set,
    {
      tool,
      input: described.with ?? {},
      target: described.target ?? {},
      roles,
      when: size === undefined ? 'before' : 'after',
      ...(size === undefined ? {} : { size }),
      rates,
    },
    now,
    floor,
  );
  const enough = level !== undefined && levels.indexOf(level) >= levels.indexOf(tool.level);
  const { allowed, rule, where, reason } = decision;
  return {
    roles,
    level: level ?? null,
    decision,
    ...(enough
      ? { allowed, rule, reason, ...(where === undefined ? {} : { where }) }
      : {
          allowed: false,
          rule: 'roles',
          reason: `lacks '${tool.level}' permission for '${tool.name}'`,
        }),
  };
}
