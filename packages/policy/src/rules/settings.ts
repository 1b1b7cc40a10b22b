import type { VersionOneForm } from './schema.js';
import type { ApprovalsForm, BreakGlassForm, BudgetForm, BudgetsForm } from './settings-schema.js';

/** Where people agree to each other's changes, who may, and for how many minutes a request stands. */
export type ApprovalSettings = ApprovalsForm;

/** Who may set aside what a rule forbids, for how long, and how many others must agree to it. */
export type BreakGlass = BreakGlassForm;

/** Most of something in a span of time, for each caller. */
export interface Budget {
  readonly max: number;
  readonly milliseconds: number;
}

/** What a caller may use up: calls, changes, objects that changes touch, seconds of work. */
export type Budgets = Readonly<Partial<Record<keyof BudgetsForm, Budget>>>;

/** What a rules file says besides its rules and roles. */
export interface Settings {
  readonly approvals?: ApprovalSettings | undefined;
  readonly breakGlass?: BreakGlass | undefined;
  readonly budgets?: Budgets | undefined;
  /** How often the same call may be repeated. */
  readonly runaway?: Budget | undefined;
}

export const settingsOf = (form: VersionOneForm): Settings => ({
  approvals: form.approvals,
  breakGlass: form.break_glass,
  budgets: form.budgets && budgetsOf(form.budgets),
  runaway: form.runaway && budgetOf(form.runaway),
});

const budgetOf = ({ max, per }: BudgetForm): Budget => ({ max, milliseconds: spanOf(per) });

const budgetsOf = (form: BudgetsForm): Budgets =>
  Object.fromEntries(
    Object.entries(form).flatMap(([name, budget]) => (budget ? [[name, budgetOf(budget)]] : [])),
  );

const unit = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a span such as `10m`. */
export const spanOf = (span: string): number =>
  Number.parseInt(span, 10) * unit[span.at(-1) as keyof typeof unit];
