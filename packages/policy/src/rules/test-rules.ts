import { explain } from './explain.js';
import type { ToolFacts } from './question.js';
import { type RuleSet, type RuleTest, whereIs } from './rule-set.js';

export interface TestResult {
  readonly where: string;
  readonly call: string;
  readonly passed: boolean;
  /** What was expected and what came out, when they differ. */
  readonly message?: string;
}

export interface TestReport {
  readonly passed: boolean;
  readonly results: readonly TestResult[];
  /** Rules that matched in no test. */
  readonly untested: readonly string[];
}

/** Runs the `tests` of a rules file. `tools` knows every tool a test may call, by name. */
export function testRules(
  set: RuleSet,
  tools: ReadonlyMap<string, ToolFacts>,
  now: Date,
): TestReport {
  const matched = new Set<string>();
  const results = set.tests.map((test) => runTest(set, test, tools, now, matched));
  return {
    passed: results.every(({ passed }) => passed),
    results,
    untested: set.rules.map(({ id }) => id).filter((id) => !matched.has(id)),
  };
}

function runTest(
  set: RuleSet,
  test: RuleTest,
  tools: ReadonlyMap<string, ToolFacts>,
  now: Date,
  matched: Set<string>,
): TestResult {
  const is = { where: whereIs(set, test.place), call: test.call };
  const tool = tools.get(test.call);
  if (!tool) return { ...is, passed: false, message: `no tool is called ${test.call}` };
  const { user, role, groups } = test.as ?? {};
  const { name, environment } = test.target ?? {};
  const came = explain(
    set,
    {
      tool,
      as: { ...(user ? { user } : {}), ...(role ? { role } : {}), ...(groups ? { groups } : {}) },
      target: { ...(name ? { name } : {}), ...(environment ? { environment } : {}) },
      ...(test.with ? { with: test.with } : {}),
      ...(test.blast_radius === undefined ? {} : { blast_radius: test.blast_radius }),
    },
    test.at === undefined ? now : new Date(test.at),
  );
  for (const { rule, matched: did } of came.decision.trace) if (did) matched.add(rule);

  const { consent, consentRule } = came.decision;
  const outcome = came.allowed ? consent : 'forbid';
  const wanted = test.expect === 'permit' ? came.allowed : test.expect === outcome;
  const rules = came.allowed ? [came.rule, consentRule] : [came.rule];
  if (!wanted)
    return {
      ...is,
      passed: false,
      message: `expected ${test.expect}, got ${came.allowed ? `permit with consent ${consent}` : 'forbid'} by ${came.rule}: ${came.reason}`,
    };
  if (test.rule !== undefined && !rules.includes(test.rule))
    return {
      ...is,
      passed: false,
      message: `expected rule ${test.rule}, got ${rules.join(' and ')}`,
    };
  return { ...is, passed: true };
}
