import type { RegexCompiler } from './match.js';
import { anyGlob, glob, nfc } from './match.js';
import type { Question } from './question.js';
import type { ArgumentForm, ConditionsForm } from './schema.js';
import { opening, type Window } from './windows.js';

/** `unknown`: an attribute is missing. `later`: it will be known when there is a plan. */
export type Truth = 'yes' | 'no' | 'unknown' | 'later';

/** One thing a rule asks for. `name` is what an explanation calls it: `when.args.count`. */
export interface Condition {
  readonly name: string;
  readonly test: (question: Question, now: Date) => Truth;
}

const truth = (holds: boolean): Truth => (holds ? 'yes' : 'no');

/** All of them: one `no` settles it, then what is not known yet, then what is not known at all. */
export function all(truths: readonly Truth[]): Truth {
  for (const decisive of ['no', 'later', 'unknown'] as const)
    if (truths.includes(decisive)) return decisive;
  return 'yes';
}

export const not = (value: Truth): Truth =>
  value === 'yes' ? 'no' : value === 'no' ? 'yes' : value;

/** Limits on how far cpu and memory may change, in percent. The family form's change_limits. */
export interface ChangeLimits {
  readonly cpu?: number | undefined;
  readonly memory?: number | undefined;
}

export interface Conditions extends Omit<ConditionsForm, 'window'> {
  readonly window?: Window | undefined;
  readonly change?: ChangeLimits | undefined;
}

/** The conditions of a `when` or `unless`, ready to be tested. `id` finds the rule's rate. */
export function compileConditions(
  id: string,
  form: Conditions | undefined,
  part: 'when' | 'unless',
  regex: RegexCompiler | undefined,
): Condition[] {
  if (!form) return [];
  const found: Condition[] = [];
  const add = (name: string, test: Condition['test']) =>
    found.push({ name: `${part}.${name}`, test });

  for (const [name, argument] of Object.entries(form.args ?? {})) {
    const check = compileArgument(argument, regex);
    const path = name.split('.');
    add(`args.${name}`, ({ input }) => each(valueAt(input, path), check));
  }
  const { window, rate, blast_radius: size, change } = form;
  if (window) {
    const isOpen = opening(window);
    add('window', (_, now) => truth(isOpen(now)));
  }
  if (rate)
    add('rate', ({ rates }) => {
      const before = rates.get(id);
      return before === undefined || Number.isNaN(before) ? 'unknown' : truth(before < rate.max);
    });
  if (size)
    add('blast_radius', (question) => planned(question, question.size, (n) => inRange(n, size)));
  if (change) add('change', (question) => withinChange(question, change));
  return found;
}

interface Range {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

const inRange = (n: number, { min, max }: Range) =>
  n >= (min ?? Number.NEGATIVE_INFINITY) && n <= (max ?? Number.POSITIVE_INFINITY);

/** A fact that only a plan can tell. A read never has one. */
function planned(
  question: Question,
  fact: number | undefined,
  holds: (n: number) => boolean,
): Truth {
  if (question.when === 'before' && question.tool.effect !== 'read') return 'later';
  return fact === undefined || Number.isNaN(fact) ? 'unknown' : truth(holds(fact));
}

const changesCpu = /^(?:num_?)?cpus?(?:_count)?$/i;
const changesMemory = /^memory(?:_(?:mb|mib|gb|gib))?$/i;

/** A change whose plan is silent about percentages is unknown when its input names cpu or memory. */
function withinChange(question: Question, limits: ChangeLimits): Truth {
  const one = (part: 'cpu' | 'memory', named: RegExp): Truth => {
    const limit = limits[part];
    if (limit === undefined || question.tool.effect === 'read') return 'yes';
    const asked = Object.entries(question.input).some(
      ([key, value]) => named.test(key) && value !== undefined && value !== null,
    );
    const silent = question.change === undefined;
    if (silent && !asked) return question.when === 'before' ? 'later' : 'yes';
    const percent = silent ? undefined : (question.change?.[part] ?? 0);
    return planned(question, percent, (n) => Math.abs(n) <= limit);
  };
  return all([one('cpu', changesCpu), one('memory', changesMemory)]);
}

/** `disk.size_gb` is a field of a field. Only own properties count. */
function valueAt(input: unknown, path: readonly string[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** A list meets a condition when every entry does, fails when none does, and is unclear otherwise. */
function each(value: unknown, check: (value: unknown) => Truth): Truth {
  if (!Array.isArray(value)) return check(value);
  const [first, ...rest] = value.map(check);
  return first !== undefined && rest.every((one) => one === first) ? first : 'unknown';
}

type Scalar = string | number | boolean | null;

function compileArgument(
  form: ArgumentForm,
  regex: RegexCompiler | undefined,
): (value: unknown) => Truth {
  const tests: ((value: unknown) => Truth)[] = [];
  const onText = (holds: (text: string) => boolean) =>
    tests.push((value) => (typeof value === 'string' ? truth(holds(nfc(value))) : 'unknown'));
  if (form.glob !== undefined) onText(glob(form.glob));
  if (form.re !== undefined) {
    if (!regex) throw new TypeError('A rule has an re: condition and no compiler was loaded');
    onText(regex(form.re));
  }
  const { equals } = form;
  if (equals !== undefined) tests.push(sameAs(equals));
  if (form.in) {
    const wanted = form.in.map(sameAs);
    tests.push((value) => {
      const answers = wanted.map((isSame) => isSame(value));
      if (answers.includes('yes')) return 'yes';
      // Nothing is one of none, as an empty list of tools covers no tool.
      return answers.length === 0 || answers.includes('no') ? 'no' : 'unknown';
    });
  }
  if (form.min !== undefined || form.max !== undefined)
    tests.push((value) =>
      typeof value === 'number' && !Number.isNaN(value) ? truth(inRange(value, form)) : 'unknown',
    );
  const [only] = tests;
  if (only && tests.length === 1) return (value) => (value === undefined ? 'unknown' : only(value));
  return (value) => (value === undefined ? 'unknown' : all(tests.map((test) => test(value))));
}

/** Values of different types cannot be compared, so nothing is known. */
function sameAs(wanted: Scalar): (value: unknown) => Truth {
  const text = typeof wanted === 'string' ? nfc(wanted) : undefined;
  return (value) => {
    if (text !== undefined && typeof value === 'string') return truth(text === nfc(value));
    if (value === null || wanted === null) return truth(value === wanted);
    return typeof value === typeof wanted ? truth(value === wanted) : 'unknown';
  };
}

/** A scope: whether a text of the question is covered by globs. */
export function covered(
  name: string,
  patterns: readonly string[],
  text: (question: Question) => string | undefined,
  missing: Truth = 'unknown',
): Condition {
  const test = anyGlob(patterns);
  return {
    name,
    test: (question) => {
      const value = text(question);
      return value ? truth(test(nfc(value))) : missing;
    },
  };
}
