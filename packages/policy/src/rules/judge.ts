import { type ConsentLevel, consentLevels } from '../call.js';
import { glob } from './match.js';
import type { Question } from './question.js';
import { type Rule, type RuleSet, rankOf, whereIs } from './rule-set.js';
import { risks } from './schema.js';

/** How one rule fared. `failed` is the first condition that did not hold, `aside` waits for a plan. */
export interface Traced {
  readonly rule: string;
  readonly effect: Rule['effect'];
  readonly matched: boolean;
  readonly failed?: string;
  readonly aside?: true;
  readonly where: string;
  readonly line: number;
}

/** What the rules say about one call. */
export interface Decision {
  readonly allowed: boolean;
  /** The rule that decided: the smallest id among those that decide alike, or `default`. */
  readonly rule: string;
  readonly where?: string;
  readonly reason: string;
  readonly remedy: string;
  readonly code?: 'DENIED_BY_RULE';
  readonly consent: ConsentLevel;
  /** The rule that asks for that much consent, or `default`. */
  readonly consentRule: string;
  /** People other than the requester who must agree. */
  readonly approvals: number;
  /** Globs of tickets, each of which the ticket of the call must match. */
  readonly tickets: readonly string[];
  readonly trace: readonly Traced[];
}

const seeWhy =
  'Run `vmware-audit rules explain` to see which rule decides and which condition failed.';

/**
 * Judges one call. Any matching forbid denies; otherwise a permit or the default must allow it; every
 * obligation of a matching require counts and the strictest consent wins. The order of rules never matters.
 * A condition about something missing holds in a forbid or require, and does not hold in a permit.
 * `floor` raises consent by risk, for surfaces that need more than the file asks for.
 */
export function judge(
  set: RuleSet,
  question: Question,
  now: Date,
  floor?: RuleSet['consent'],
): Decision {
  const trace: Traced[] = [];
  const matched = { forbid: [] as Rule[], require: [] as Rule[], permit: [] as Rule[] };
  for (const rule of set.rules) {
    const traced = consider(rule, question, now);
    if (traced.matched) matched[rule.effect].push(rule);
    trace.push(traced);
  }

  const { tool } = question;
  const change = tool.effect !== 'read';
  const consents = change ? consentOf(set, question, matched.require, floor) : none;
  const said = {
    consent: consents.level,
    consentRule: consents.rule,
    approvals: approvalsOf(matched.require, consents.level),
    tickets: ticketsOf(matched.require),
    trace,
  };
  const on = question.target.name ? ` on ${question.target.name}` : '';

  const forbid = foremost(matched.forbid);
  if (forbid)
    return {
      ...said,
      ...naming(set, forbid),
      allowed: false,
      code: 'DENIED_BY_RULE',
      reason: forbid.reason ?? `Rule ${forbid.id} forbids ${tool.name}${on}.`,
      remedy: seeWhy,
    };

  const permit = foremost(matched.permit);
  const fallback = tool.local ? 'permit' : set.fallback[change ? 'write' : 'read'];
  if (!permit && fallback !== 'permit')
    return {
      ...said,
      rule: 'default',
      allowed: false,
      code: 'DENIED_BY_RULE',
      reason: `No rule permits ${tool.name}${on}, and ${set.file} forbids ${change ? 'changes' : 'reads'} by default.`,
      remedy: seeWhy,
    };

  return {
    ...said,
    ...(permit ? naming(set, permit) : { rule: 'default' }),
    allowed: true,
    reason: permit
      ? (permit.reason ?? `Rule ${permit.id} permits ${tool.name}${on}.`)
      : `No rule forbids ${tool.name}${on}.`,
    remedy: seeWhy,
  };
}

function consider(rule: Rule, question: Question, now: Date): Traced {
  let later = false;
  let missing: string | undefined;
  for (const { name, test } of rule.conditions) {
    const answer = test(question, now);
    if (answer === 'no') return fared(rule, false, name);
    if (answer === 'later') later = true;
    if (answer === 'unknown') missing ??= name;
  }
  if (rule.effect === 'permit') return fared(rule, missing === undefined, missing);
  return later ? { ...fared(rule, false), aside: true } : fared(rule, true);
}

/** One object per rule and decision, and nothing else: with 1,000 rules what is left over costs more than the tests. */
const fared = ({ id, effect, where, place }: Rule, matched: boolean, failed?: string): Traced =>
  failed === undefined
    ? { rule: id, effect, matched, where, line: place.line }
    : { rule: id, effect, matched, failed, where, line: place.line };

/** Order independent: lowest rank, then smallest id. */
const foremost = (rules: readonly Rule[]): Rule | undefined =>
  rules.reduce<Rule | undefined>(
    (best, rule) =>
      !best || rule.rank < best.rank || (rule.rank === best.rank && rule.id < best.id)
        ? rule
        : best,
    undefined,
  );

const naming = (set: RuleSet, rule: Rule) => ({ rule: rule.id, where: whereIs(set, rule.place) });

const approvalsOf = (required: readonly Rule[], consent: ConsentLevel): number =>
  Math.max(
    consent === 'second_person' ? 1 : 0,
    ...required.map(({ obligations }) => obligations?.approvals ?? 0),
  );

const ticketsOf = (required: readonly Rule[]): string[] =>
  required.flatMap(({ obligations }) =>
    obligations?.ticket === undefined
      ? []
      : [obligations.ticket === true ? '*' : obligations.ticket],
  );

const strictness = (level: ConsentLevel) => consentLevels.indexOf(level);
const none = { level: 'none', rule: 'default' } as const;

function consentOf(
  set: RuleSet,
  question: Question,
  required: readonly Rule[],
  floor: RuleSet['consent'] | undefined,
): { level: ConsentLevel; rule: string } {
  const risk = risks[rankOf(question.tool.risk)] ?? 'critical';
  const least = set.consent[risk] ?? packaged(risk, question.target.environment);
  const floored = floor?.[risk] ?? 'none';
  let best: { level: ConsentLevel; rule: string } = {
    level: strictness(floored) > strictness(least) ? floored : least,
    rule: 'default',
  };
  for (const { id, obligations } of required) {
    const seal = obligations?.dry_run_first ? 'seal' : 'none';
    const asked = obligations?.consent ?? 'none';
    const level = strictness(seal) > strictness(asked) ? seal : asked;
    const more = strictness(level) - strictness(best.level);
    if (more > 0 || (more === 0 && best.rule !== 'default' && id < best.rule))
      best = { level, rule: id };
  }
  return best;
}

const production = glob('prod*');

/** Consent where the file says nothing. A dry run comes first wherever a seal is asked for. */
function packaged(risk: (typeof risks)[number], environment: string | undefined): ConsentLevel {
  if (risk === 'low') return 'none';
  if (risk === 'critical') return 'seal';
  return risk === 'high' && production(environment?.normalize('NFC') ?? '') ? 'seal' : 'flag';
}
