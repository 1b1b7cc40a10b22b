import * as z from 'zod';

export const pattern = z.string().min(1).max(200);
export const patterns = z.array(pattern).max(500);
export const count = z.number().int().min(0).max(1_000_000_000);
export const span = z
  .string()
  .regex(/^[1-9]\d{0,3}[smhd]$/, 'must be a span like 30s, 10m, 2h or 1d');
export const notEmpty = (value: object) => Object.keys(value).length > 0;

const budget = z.strictObject({ max: count, per: span });

/** Where people agree to each other's changes, who may, and for how many minutes a request stands. */
export const approvals = z.strictObject({
  directory: z.string().regex(/^\//, 'must be an absolute path').max(500).optional(),
  from: patterns.optional(),
  minutes: z.number().int().min(1).max(10_080).optional(),
});
export type ApprovalsForm = z.output<typeof approvals>;

/** Who may set aside what a rule forbids, for what, how long, and how many others must agree. */
export const breakGlass = z.strictObject({
  users: patterns,
  tools: patterns.optional(),
  longest: span.optional(),
  approvals: z.number().int().min(0).max(10).optional(),
});
export type BreakGlassForm = z.output<typeof breakGlass>;

/** What a caller may use up: calls, changes, objects that changes touch, seconds of work. */
export const budgets = z
  .strictObject({
    calls: budget.optional(),
    changes: budget.optional(),
    objects: budget.optional(),
    seconds: budget.optional(),
  })
  .refine(notEmpty, 'needs calls, changes, objects or seconds');
/** How often the same call may be repeated. */
export const runaway = z.strictObject({ max: z.number().int().min(2).max(10_000), per: span });
export type BudgetForm = z.output<typeof budget>;
export type BudgetsForm = z.output<typeof budgets>;
