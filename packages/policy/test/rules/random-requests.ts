import fc from 'fast-check';
import type { Question } from '../../src/rules/question.js';
import { risks } from '../../src/rules/schema.js';
import {
  clock,
  environment,
  given,
  number,
  roleNames,
  scalar,
  targetName,
  text,
  tools,
} from './random-rules.js';
import type { FileForm } from './rules-data.js';

/** One request, with the instant at which it is judged. */
export interface Asked {
  readonly question: Question;
  readonly at: Date;
}

const inputValue = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { maxLength: 2 }) },
  fc.constant({ name: 'web-1' }),
  fc.constant(Number.NaN),
);
const input = fc.record(
  {
    name: fc.oneof({ weight: 3, arbitrary: text }, inputValue),
    count: fc.oneof({ weight: 3, arbitrary: number }, inputValue),
    force: inputValue,
    disk: fc.oneof(
      fc.record({ size_gb: inputValue, kind: inputValue }, { requiredKeys: [] }),
      inputValue,
    ),
    tags: fc.array(text, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const firstDay = Date.UTC(2026, 1, 20);
/** Instants around the ends of the windows and anywhere else, over two weeks with an end of a month. */
const instant = fc
  .tuple(fc.nat(13), fc.oneof(clock.map(minutes), fc.nat(1_439)), fc.integer({ min: -1, max: 1 }))
  .map(([day, minute, off]) => new Date(firstDay + (day * 1_440 + minute) * 60_000 + off * 1_000));

function minutes(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}

/** Requests to a file: rates are known per rule, some of them not at all. */
export const asked = (form: FileForm): fc.Arbitrary<Asked> =>
  fc
    .record({
      name: fc.constantFrom(...tools),
      alias: given(fc.constantFrom('delete_vm', 'old_name')),
      effect: fc.constantFrom<'read' | 'write' | 'destroy'>('read', 'write', 'write', 'destroy'),
      risk: fc.constantFrom(...risks, 'unheard-of'),
      targetName: given(targetName, 5),
      environment: given(fc.oneof(environment, fc.constant('')), 5),
      roles: given(fc.subarray([...roleNames]), 5),
      when: fc.constantFrom<'before' | 'after'>('before', 'after', 'after'),
      size: fc.oneof({ weight: 5, arbitrary: fc.nat(9) }, fc.constantFrom(undefined, Number.NaN)),
      rates: fc.array(given(fc.nat(6), 5), { minLength: 6, maxLength: 6 }),
      input,
      at: instant,
    })
    .map(({ at, name, alias, effect, risk, size, rates, ...rest }) => ({
      at,
      question: {
        tool: { name, effect, risk, level: 'read_only', ...(alias ? { aliases: [alias] } : {}) },
        input: rest.input,
        target: {
          ...(rest.targetName === undefined ? {} : { name: rest.targetName }),
          ...(rest.environment === undefined ? {} : { environment: rest.environment }),
        },
        roles: rest.roles,
        when: rest.when,
        ...(size === undefined ? {} : { size }),
        rates: new Map(
          form.rules.flatMap(({ id }, index) => {
            const count = rates[index % rates.length];
            return count === undefined ? [] : [[id, count] as const];
          }),
        ),
      },
    }));
