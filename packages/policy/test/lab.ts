import { mkdirSync, writeFileSync } from 'node:fs';
import type { Event } from '../src/audit/event.js';
import type { Limits } from '../src/authorities.js';
import type { Outcome } from '../src/call.js';
import type { Budget } from '../src/rules/settings.js';
import { harness } from '../src/testing/harness.js';
import { openTarget, type Target } from './target.js';
import { countersAt } from './toolset.js';

interface LabOptions {
  readonly agent?: string;
  readonly limits?: Limits;
  readonly env?: NodeJS.ProcessEnv;
  readonly runaway?: Budget;
  /** Of every tool, in milliseconds. */
  readonly timeout?: number;
  /** rules.yaml. */
  readonly rules?: string;
}

/** The real pipeline on a recording target, in a home of its own. */
export async function lab(options: LabOptions = {}) {
  const target = await openTarget();
  const inHome = labAt(target, undefined, options);
  return {
    ...inHome,
    target,
    async [Symbol.asyncDispose]() {
      await inHome[Symbol.asyncDispose]();
      await target[Symbol.asyncDispose]();
    },
  };
}

/** The same on a target and in a home that others use too: what a second program is. */
export function labAt(
  target: Target,
  dir: string | undefined,
  { timeout, rules, ...options }: LabOptions = {},
) {
  const { toolset, tools } = countersAt(target.url, timeout === undefined ? {} : { timeout });
  const own = harness(toolset, { ...options, ...(dir === undefined ? {} : { dir }) });
  const writeRules = (text: string) => {
    mkdirSync(own.home.dir, { recursive: true, mode: 0o700 });
    writeFileSync(own.home.rules, text, { mode: 0o600 });
  };
  if (rules !== undefined) writeRules(rules);
  return {
    ...own,
    toolset,
    tools,
    rules: writeRules,
    /** Rows of calls, without those that say which rules were loaded. */
    audit: () => own.audit().filter(({ phase }) => phase !== 'policy'),
    everyRow: own.audit,
  };
}

/** The outcome, known to have a status. */
export function as<Status extends Outcome['status']>(
  status: Status,
  outcome: Outcome,
): Extract<Outcome, { status: Status }> {
  if (outcome.status !== status) throw new Error(`Expected ${status}: ${JSON.stringify(outcome)}`);
  return outcome as Extract<Outcome, { status: Status }>;
}

/** Rows as "phase status", in order. */
export const story = (rows: readonly Event[]): string[] =>
  rows.map(({ phase, status }) => `${phase} ${status}`);

export const bodyOf = (row: Event | undefined): Record<string, unknown> =>
  JSON.parse(row?.body ?? '{}') as Record<string, unknown>;

/** A person's answer to a question that showed the plan. */
export const byHuman = (outcome: Outcome) =>
  ({ seal: as('question', outcome).consent, by: 'human' }) as const;
