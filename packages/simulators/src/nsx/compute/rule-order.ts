import type { PolicyObject } from '../store.js';
import type { World } from '../world.js';
import { isAny, text, texts } from './fields.js';
import { scopeOf } from './scope.js';
import { cachedByWorld } from './world-cache.js';

/** A rule where it is evaluated. */
export interface PlacedRule {
  readonly rule: PolicyObject;
  readonly category: string;
  /** Applied-To: that of the policy, unless it says ANY. Empty: everywhere. */
  readonly appliedTo: readonly string[];
  /** The project or VPC whose interfaces it is for; empty: all. */
  readonly scope: string;
}

const categories = ['Ethernet', 'Emergency', 'Infrastructure', 'Environment', 'Application'];

/**
 * Every enabled rule in the order of evaluation: category, then the sections people made before the default
 * ones, the default scope before projects and those before VPCs, then the numbers of policy and rule. Equal
 * numbers have no defined order in NSX; here the one made first wins.
 */
export const rulesInOrder: (world: World) => readonly PlacedRule[] = cachedByWorld((world) =>
  world.objects
    .ofType('SecurityPolicy')
    .map((policy) => ({ policy, rank: rankOf(policy) }))
    .sort((one, other) => compare(one.rank, other.rank))
    .flatMap(({ policy }) =>
      world.objects
        .children(policy.path, 'Rule')
        .filter((rule) => rule['disabled'] !== true)
        .sort((one, other) => numberOf(one) - numberOf(other))
        .map((rule) => placed(rule, policy)),
    ),
);

function placed(rule: PolicyObject, policy: PolicyObject): PlacedRule {
  const ofPolicy = texts(policy['scope']);
  const ofRule = texts(rule['scope']);
  const appliedTo = isAny(ofPolicy) ? ofRule : ofPolicy;
  return {
    rule,
    category: text(policy['category']),
    appliedTo: isAny(appliedTo) ? [] : appliedTo,
    scope: scopeOf(policy.path),
  };
}

function rankOf(policy: PolicyObject): number[] {
  const category = categories.indexOf(text(policy['category']));
  return [
    category < 0 ? categories.length : category, // without a category: after all
    policy['is_default'] === true ? 1 : 0,
    policy['is_default'] === true ? -scopeOf(policy.path).length : scopeOf(policy.path).length,
    numberOf(policy),
  ];
}

function numberOf(object: PolicyObject): number {
  const number = object['sequence_number'];
  return typeof number === 'number' ? number : 0;
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((each, index) => each !== other[index]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}
