import * as z from 'zod';
import { consentLevels } from '../call.js';
import { levels } from '../tool.js';
import {
  approvals,
  breakGlass,
  budgets,
  count,
  notEmpty,
  pattern,
  patterns,
  runaway,
  span,
} from './settings-schema.js';
import { days, isZone, minutesOf } from './windows.js';

export const risks = ['low', 'medium', 'high', 'critical'] as const;

const sentence = z.string().min(1).max(500);
const clock = z
  .string()
  .refine((text) => minutesOf(text) !== undefined, 'must be a time of day like "22:00"');
const zone = z
  .string()
  .refine(isZone, 'is no time zone this machine knows; write one like Europe/Berlin');
const scalar = z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]);
const ordered = ({ min, max }: { min?: number | undefined; max?: number | undefined }) =>
  min === undefined || max === undefined || min <= max;
const range = z
  .strictObject({ min: count.optional(), max: count.optional() })
  .refine(notEmpty, 'needs min or max')
  .refine(ordered, 'min is above max');

const argument = z
  .strictObject({
    glob: pattern.optional(),
    equals: scalar.optional(),
    in: z.array(scalar).max(500).optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    re: z.string().min(1).max(256).optional(),
  })
  .refine(notEmpty, 'needs one of glob, equals, in, min, max, re')
  .refine(ordered, 'min is above max');
export type ArgumentForm = z.output<typeof argument>;

const window = z
  .strictObject({
    days: z.array(z.enum(days)).optional(),
    from: clock.optional(),
    to: clock.optional(),
    tz: zone.optional(),
  })
  .refine(notEmpty, 'needs days, or from and to')
  .refine(
    ({ from, to }) => (from === undefined) === (to === undefined),
    'needs both from and to, or neither',
  );

const conditions = z
  .strictObject({
    args: z
      .record(z.string().regex(/^[A-Za-z][\w.-]{0,100}$/, 'is no argument name'), argument)
      .refine(notEmpty, 'names no argument')
      .optional(),
    window: window.optional(),
    rate: z
      .strictObject({
        max: count,
        per: span,
      })
      .optional(),
    blast_radius: range.optional(),
  })
  .refine(notEmpty, 'has no condition');
export type ConditionsForm = z.output<typeof conditions>;

const obligations = z
  .strictObject({
    consent: z.enum(consentLevels).optional(),
    approvals: z.number().int().min(1).max(10).optional(),
    ticket: z.union([z.literal(true), pattern]).optional(),
    dry_run_first: z.literal(true).optional(),
  })
  .refine(notEmpty, 'has no obligation');
export type Obligations = z.output<typeof obligations>;

/** Ids the engine itself gives as the reason of a decision. */
export const reservedIds = ['default', 'roles', 'maintenance_window', 'change_limits'] as const;
const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and -');

const rule = z
  .strictObject({
    id,
    effect: z.enum(['forbid', 'require', 'permit']),
    tools: patterns.optional(),
    effects: z.array(z.enum(['read', 'write', 'destroy'])).optional(),
    risk: z
      .strictObject({ min: z.enum(risks).optional(), max: z.enum(risks).optional() })
      .refine(notEmpty, 'needs min or max')
      .refine(
        ({ min, max }) => !min || !max || risks.indexOf(min) <= risks.indexOf(max),
        'min is above max',
      )
      .optional(),
    targets: z
      .strictObject({ names: patterns.optional(), environments: patterns.optional() })
      .refine(notEmpty, 'needs names or environments')
      .optional(),
    roles: z.array(id).max(500).optional(),
    when: conditions.optional(),
    unless: conditions.optional(),
    reason: sentence.optional(),
    obligations: obligations.optional(),
  })
  .check(({ value, issues }) => {
    const complain = (path: string[], message: string) =>
      issues.push({ code: 'custom', input: value, path, message });
    if (value.effect === 'require') {
      if (!value.obligations) complain([], 'a require rule needs obligations');
      if (value.effects?.includes('read'))
        complain(['effects'], 'obligations are about changes, so a require rule cannot name read');
    } else if (value.obligations)
      complain(['obligations'], `belong in a rule with effect: require, not ${value.effect}`);
    if (value.when?.rate && value.unless?.rate)
      complain(['unless', 'rate'], 'a rule can have one rate, in when or in unless');
    if (reservedIds.some((one) => one === value.id)) complain(['id'], `${value.id} is taken`);
  });
export type RuleForm = z.output<typeof rule>;

const role = z
  .strictObject({
    users: patterns.optional(),
    groups: patterns.optional(),
    agents: patterns.optional(),
    surfaces: z.array(z.enum(['mcp', 'cli', 'resource'])).optional(),
    level: z.enum(levels),
  })
  .refine(
    (value) => Object.keys(value).length > 1,
    'needs users, groups, agents or surfaces; users: ["*"] is everybody',
  );
export type RoleForm = z.output<typeof role>;

const test = z.strictObject({
  as: z
    .strictObject({
      user: z.string().optional(),
      role: id.optional(),
      groups: z.array(z.string()).optional(),
    })
    .optional(),
  call: z.string().min(1),
  with: z.record(z.string(), z.unknown()).optional(),
  target: z
    .strictObject({ name: z.string().optional(), environment: z.string().optional() })
    .optional(),
  blast_radius: count.optional(),
  at: z.iso.datetime({ offset: true }).optional(),
  expect: z.enum(['permit', 'forbid', ...consentLevels]),
  rule: z.string().optional(),
});
export type TestForm = z.output<typeof test>;

const consent = z.enum(consentLevels);
const either = z.enum(['permit', 'forbid']);

/** The form with `version: 1`. */
export const versionOne = z
  .strictObject({
    version: z.literal(1),
    default: z
      .strictObject({
        read: either.optional(),
        write: either.optional(),
        consent: z
          .strictObject({
            low: consent.optional(),
            medium: consent.optional(),
            high: consent.optional(),
            critical: consent.optional(),
          })
          .optional(),
      })
      .optional(),
    roles: z.record(id, role).optional(),
    approvals: approvals.optional(),
    break_glass: breakGlass.optional(),
    budgets: budgets.optional(),
    runaway: runaway.optional(),
    rules: z.array(rule).max(5_000).optional(),
    tests: z.array(test).max(5_000).optional(),
  })
  .check(({ value, issues }) => {
    const complain = (path: (string | number)[], message: string) =>
      issues.push({ code: 'custom', input: value, path, message });
    const ids = new Set<string>();
    const known = (name: string) => Object.hasOwn(value.roles ?? {}, name);
    for (const [index, one] of (value.rules ?? []).entries()) {
      if (ids.has(one.id))
        complain(['rules', index, 'id'], `${one.id} is already the id of another rule`);
      ids.add(one.id);
      for (const [at, name] of (one.roles ?? []).entries())
        if (!known(name)) complain(['rules', index, 'roles', at], `no role is called ${name}`);
    }
    for (const [index, one] of (value.tests ?? []).entries())
      if (one.as?.role !== undefined && !known(one.as.role))
        complain(['tests', index, 'as', 'role'], `no role is called ${one.as.role}`);
  });
export type VersionOneForm = z.output<typeof versionOne>;

const percent = z.number().min(0);

/** The family form: no `version` key. */
export const family = z.strictObject({
  deny: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(100).default('deny'),
        operations: patterns.optional(),
        environments: patterns.optional(),
        min_risk_level: z
          .string()
          .transform((text) => text.trim().toLowerCase())
          .pipe(z.enum(risks))
          .optional(),
        reason: sentence.optional(),
      }),
    )
    .max(5_000)
    .optional(),
  maintenance_window: z
    .strictObject({ start: clock.default('22:00'), end: clock.default('06:00') })
    .optional(),
  change_limits: z
    .strictObject({
      max_cpu_change_pct: percent.optional(),
      max_memory_change_pct: percent.optional(),
    })
    .optional(),
});
export type FamilyForm = z.output<typeof family>;
