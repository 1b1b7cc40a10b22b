import type { ConsentLevel } from '../call.js';
import type { Effect, Risk } from '../tool.js';
import {
  all,
  type Condition,
  type Conditions,
  compileConditions,
  covered,
  not,
} from './conditions.js';
import { anyGlob, type RegexCompiler } from './match.js';
import { namesOf, type Question } from './question.js';
import {
  type FamilyForm,
  type Obligations,
  type RoleForm,
  type RuleForm,
  risks,
  type TestForm,
  type VersionOneForm,
} from './schema.js';
import { type Settings, settingsOf, spanOf } from './settings.js';

/** Where something stands in its file. Lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A rule ready to be judged. Both forms of the file become these. */
export interface Rule {
  readonly id: string;
  readonly effect: 'forbid' | 'require' | 'permit';
  /** Among rules that decide alike, the lowest rank is reported, then the smallest id. */
  readonly rank: number;
  readonly place: Place;
  /** The place with its file: `rules.yaml:12:5`. */
  readonly where: string;
  readonly reason?: string | undefined;
  readonly remedy?: string;
  readonly tools?: readonly string[] | undefined;
  readonly effects?: readonly Effect[] | undefined;
  readonly risk?: { readonly min?: Risk | undefined; readonly max?: Risk | undefined } | undefined;
  readonly environments?: readonly string[] | undefined;
  readonly names?: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly when?: Conditions | undefined;
  readonly unless?: Conditions | undefined;
  readonly obligations?: Obligations | undefined;
  /** What has to hold, in the order an explanation lists it. */
  readonly conditions: readonly Condition[];
  readonly rate?: { readonly milliseconds: number; readonly covers: (tool: string) => boolean };
}

export interface Role extends RoleForm {
  readonly name: string;
  readonly place: Place;
}

export interface RuleTest extends TestForm {
  readonly place: Place;
}

/** One file, read and understood. Never changed: a new file is a new set. */
export interface RuleSet extends Settings {
  readonly form: 'family' | 'version 1';
  /** Name for explanations: `rules.yaml`. */
  readonly file: string;
  /** SHA-256 of the file's bytes. */
  readonly digest: string;
  readonly fallback: { readonly read: 'permit' | 'forbid'; readonly write: 'permit' | 'forbid' };
  readonly consent: Readonly<Partial<Record<Risk, ConsentLevel | undefined>>>;
  readonly rules: readonly Rule[];
  /** Undefined when the file says nothing about roles. */
  readonly roles: readonly Role[] | undefined;
  readonly tests: readonly RuleTest[];
}

/** Place of a value by its path in the file: `rules/3`. */
export type PlaceOf = (path: string) => Place;

/** What every form needs to become a set. */
export interface Source {
  readonly file: string;
  readonly digest: string;
  readonly placeOf: PlaceOf;
  readonly regex?: RegexCompiler | undefined;
}

export const whereIs = (set: Pick<RuleSet, 'file'>, place: Place): string =>
  `${set.file}:${place.line}:${place.column}`;

export function fromVersionOne(form: VersionOneForm, source: Source): RuleSet {
  const { file, digest, placeOf } = source;
  return {
    form: 'version 1',
    file,
    digest,
    fallback: { read: form.default?.read ?? 'permit', write: form.default?.write ?? 'forbid' },
    consent: form.default?.consent ?? {},
    rules: (form.rules ?? []).map((rule, index) => {
      const { targets, ...rest } = rule;
      const effects: RuleForm['effects'] =
        rule.effect === 'require' ? (rule.effects ?? ['write', 'destroy']) : rule.effects;
      return compile(
        { ...rest, ...targets, effects, rank: 0, place: placeOf(`rules/${index}`) },
        source,
        'unknown',
      );
    }),
    roles:
      form.roles &&
      Object.entries(form.roles).map(([name, role]) => ({
        ...role,
        name,
        place: placeOf(`roles/${name}`),
      })),
    tests: (form.tests ?? []).map((test, index) => ({ ...test, place: placeOf(`tests/${index}`) })),
    ...settingsOf(form),
  };
}

/** The family form permits what it does not deny, and its environments never match an unlabelled target. */
export function fromFamily(form: FamilyForm, { file, digest, placeOf }: Source): RuleSet {
  const forbid = (rule: Omit<Rule, 'effect' | 'conditions' | 'where'>) =>
    compile({ ...rule, effect: 'forbid' }, { file }, 'no');
  const rules = (form.deny ?? []).map((deny, index) =>
    forbid({
      id: deny.name,
      rank: 0,
      place: placeOf(`deny/${index}`),
      reason: deny.reason,
      tools: deny.operations,
      environments: deny.environments,
      risk: deny.min_risk_level && { min: deny.min_risk_level },
    }),
  );
  const { maintenance_window: hours, change_limits: limits } = form;
  if (hours)
    rules.push(
      forbid({
        id: 'maintenance_window',
        rank: 1,
        place: placeOf('maintenance_window'),
        reason: `High and critical risk only between ${hours.start} and ${hours.end} UTC.`,
        risk: { min: 'high' },
        unless: { window: { from: hours.start, to: hours.end, inclusive: true } },
      }),
    );
  if (limits)
    rules.push(
      forbid({
        id: 'change_limits',
        rank: 2,
        place: placeOf('change_limits'),
        reason: 'The change of cpu or memory is above change_limits, or could not be measured.',
        effects: ['write', 'destroy'],
        unless: {
          change: { cpu: limits.max_cpu_change_pct, memory: limits.max_memory_change_pct },
        },
      }),
    );
  const fallback = { read: 'permit', write: 'permit' } as const;
  return {
    form: 'family',
    file,
    digest,
    fallback,
    consent: {},
    rules,
    roles: undefined,
    tests: [],
  };
}

function compile(
  form: Omit<Rule, 'conditions' | 'where'>,
  { file, regex }: Pick<Source, 'file' | 'regex'>,
  unlabelled: 'unknown' | 'no',
): Rule {
  const rule = { ...form, where: whereIs({ file }, form.place) };
  const conditions: Condition[] = [];
  const { tools, effects, risk, names, environments, roles } = rule;
  if (tools) {
    const isMeant = anyGlob(tools);
    conditions.push(simply('tools', ({ tool }) => namesOf(tool).some(isMeant)));
  }
  if (effects)
    conditions.push(
      simply('effects', ({ tool }) => effects.some((effect) => effect === tool.effect)),
    );
  if (risk) {
    const min = risk.min ? rankOf(risk.min) : 0;
    const max = risk.max ? rankOf(risk.max) : risks.length;
    conditions.push(
      simply('risk', ({ tool }) => rankOf(tool.risk) >= min && rankOf(tool.risk) <= max),
    );
  }
  if (names) conditions.push(covered('targets.names', names, ({ target }) => target.name));
  if (environments)
    conditions.push(
      covered('targets.environments', environments, ({ target }) => target.environment, unlabelled),
    );
  if (roles)
    conditions.push({
      name: 'roles',
      test: ({ roles: has }) =>
        has ? (has.some((role) => roles.includes(role)) ? 'yes' : 'no') : 'unknown',
    });
  conditions.push(...compileConditions(rule.id, rule.when, 'when', regex));
  const exceptions = compileConditions(rule.id, rule.unless, 'unless', regex);
  if (exceptions.length > 0)
    conditions.push({
      name: exceptions.length === 1 ? (exceptions[0]?.name ?? 'unless') : 'unless',
      test: (question, now) => not(all(exceptions.map(({ test }) => test(question, now)))),
    });
  const per = (rule.when?.rate ?? rule.unless?.rate)?.per;
  if (per === undefined) return { ...rule, conditions };
  return {
    ...rule,
    conditions,
    rate: { milliseconds: spanOf(per), covers: anyGlob(tools ?? ['*']) },
  };
}

const simply = (name: string, holds: (question: Question) => boolean): Condition => ({
  name,
  test: (question) => (holds(question) ? 'yes' : 'no'),
});

/** Position of a risk. One nobody knows is critical. */
export function rankOf(risk: string): number {
  const rank = (risks as readonly string[]).indexOf(risk);
  return rank < 0 ? risks.length - 1 : rank;
}
