import { describe, expect, test } from 'vitest';
import { all, type Conditions, compileConditions, covered, not, type Truth } from './conditions.js';
import { loadRegexCompiler } from './match.js';
import type { Question } from './question.js';

const regex = await loadRegexCompiler();
const noon = new Date('2026-06-10T12:00:00Z');

const ask = (over: Partial<Question> = {}): Question => ({
  tool: { name: 'wipe', effect: 'write', risk: 'low', level: 'read_only' },
  input: {},
  target: {},
  roles: [],
  when: 'after',
  rates: new Map(),
  ...over,
});
const reads = { ...ask().tool, effect: 'read' } as const;

/** Each condition with its name and its answer. */
const answers = (
  form: Conditions,
  asked: Partial<Question> = {},
  part: 'when' | 'unless' = 'when',
) =>
  compileConditions('r', form, part, regex).map(
    ({ name, test: holds }) => `${name}: ${holds(ask(asked), noon)}`,
  );
const argument = (form: NonNullable<Conditions['args']>[string], x: unknown): Truth | undefined =>
  compileConditions('r', { args: { x: form } }, 'when', regex)[0]?.test(
    ask({ input: { x } }),
    noon,
  );

test.each<[Truth[], Truth]>([
  [[], 'yes'],
  [['yes', 'yes'], 'yes'],
  [['yes', 'unknown'], 'unknown'],
  [['unknown', 'later'], 'later'],
  [['later', 'unknown', 'no'], 'no'],
])('all of %j is %s', (truths, wanted) => expect(all(truths)).toBe(wanted));

test.each<[Truth, Truth]>([
  ['yes', 'no'],
  ['no', 'yes'],
  ['unknown', 'unknown'],
  ['later', 'later'],
])('not %s is %s', (value, wanted) => expect(not(value)).toBe(wanted));

test('no form has no conditions, and a form has its conditions by name and in order', () => {
  expect(compileConditions('r', undefined, 'when', regex)).toEqual([]);
  expect(answers({}, {}, 'unless')).toEqual([]);
  const form: Conditions = {
    args: { a: { min: 1 }, 'b.c': { min: 1 } },
    window: { from: '13:00', to: '14:00' },
    rate: { max: 2, per: '1h' },
    blast_radius: { max: 3 },
    change: { cpu: 5 },
  };
  const asked = { input: { a: 1, b: { c: 0 } }, rates: new Map([['r', 1]]), size: 4, change: {} };
  expect(answers(form, asked, 'unless')).toEqual([
    'unless.args.a: yes',
    'unless.args.b.c: no',
    'unless.window: no',
    'unless.rate: yes',
    'unless.blast_radius: no',
    'unless.change: yes',
  ]);
});

describe('an argument', () => {
  test.each<[NonNullable<Conditions['args']>[string], unknown, Truth]>([
    [{ glob: 'a*' }, 'ab', 'yes'],
    [{ glob: 'a*' }, 'b', 'no'],
    [{ glob: 'a*' }, 5, 'unknown'],
    [{ glob: 'caf\u00e9' }, 'cafe\u0301', 'yes'],
    [{ re: 'a+' }, 'aa', 'yes'],
    [{ re: 'a+' }, 'ab', 'no'],
    [{ re: 'caf.' }, 'cafe\u0301', 'yes'],
    [{ re: 'a+' }, null, 'unknown'],
    [{ equals: 'a' }, 'a', 'yes'],
    [{ equals: 'a' }, 'b', 'no'],
    [{ equals: 'a' }, 5, 'unknown'],
    [{ equals: 'caf\u00e9' }, 'cafe\u0301', 'yes'],
    [{ equals: 'cafe\u0301' }, 'caf\u00e9', 'yes'],
    [{ equals: 5 }, 5, 'yes'],
    [{ equals: 5 }, 6, 'no'],
    [{ equals: 5 }, '5', 'unknown'],
    [{ equals: false }, false, 'yes'],
    [{ equals: false }, true, 'no'],
    [{ equals: false }, 0, 'unknown'],
    [{ equals: null }, null, 'yes'],
    [{ equals: null }, 'x', 'no'],
    [{ equals: 'x' }, null, 'no'],
    [{ in: ['a', 5] }, 'a', 'yes'],
    [{ in: ['a', 5] }, 5, 'yes'],
    [{ in: ['a', 5] }, 'b', 'no'],
    [{ in: ['a', 5] }, true, 'unknown'],
    [{ in: [] }, 'a', 'no'],
    [{ min: 2 }, 2, 'yes'],
    [{ min: 2 }, 1, 'no'],
    [{ max: 2 }, 2, 'yes'],
    [{ max: 2 }, 3, 'no'],
    [{ min: 0 }, -1, 'no'],
    [{ min: 1, max: 2 }, 3, 'no'],
    [{ min: 1, max: 2 }, 0, 'no'],
    [{ min: 2 }, '5', 'unknown'],
    [{ min: 2 }, Number.NaN, 'unknown'],
    [{ min: 2 }, undefined, 'unknown'],
    [{ equals: 'a' }, undefined, 'unknown'],
    [{ glob: 'a*', equals: 'ab' }, 'ab', 'yes'],
    [{ glob: 'a*', equals: 'ab' }, 'ac', 'no'],
    [{ glob: 'a*', equals: 'ab' }, undefined, 'unknown'],
    [{ glob: 'a*', in: [], min: 1 }, undefined, 'unknown'],
    [{ glob: 'a*', min: 2 }, 'ab', 'unknown'],
    [{ glob: 'a*', min: 2 }, 'b', 'no'],
    [{ min: 2 }, [2, 3], 'yes'],
    [{ min: 2 }, [0, 1], 'no'],
    [{ min: 2 }, [1, 2], 'unknown'],
    [{ min: 2 }, [2, 3, 'x'], 'unknown'],
    [{ min: 2 }, [], 'unknown'],
    [{ min: 2 }, [[2]], 'unknown'],
  ])('%j of %j: %s', (form, value, wanted) => expect(argument(form, value)).toBe(wanted));

  test.each<[string, Record<string, unknown>, Truth]>([
    ['a.b', { a: { b: 2 } }, 'yes'],
    ['a.b.c', { a: { b: { c: 2 } } }, 'yes'],
    ['a.b', { a: { b: 1 } }, 'no'],
    ['a.b', { a: 2 }, 'unknown'],
    ['a.b', { a: null }, 'unknown'],
    ['a.length', { a: 'text' }, 'unknown'],
    ['a.b', { 'a.b': 2 }, 'unknown'],
    ['a.b', { a: { b: [2, 2] } }, 'yes'],
    ['a', {}, 'unknown'],
    ['a.b', { a: Object.create({ b: 2 }) }, 'unknown'],
  ])('%s of %j: %s', (name, input, wanted) =>
    expect(answers({ args: { [name]: { min: 2 } } }, { input })).toEqual([
      `when.args.${name}: ${wanted}`,
    ]),
  );

  test('with a pattern needs a compiler', () =>
    expect(() => compileConditions('r', { args: { x: { re: 'a' } } }, 'when', undefined)).toThrow(
      new TypeError('A rule has an re: condition and no compiler was loaded'),
    ));
});

test.each<[number | undefined, Truth]>([
  [1, 'yes'],
  [2, 'no'],
  [0, 'yes'],
  [Number.NaN, 'unknown'],
  [undefined, 'unknown'],
])('a rate of at most 2 after %s calls: %s', (before, wanted) => {
  const rates = new Map([['other', 0], ...(before === undefined ? [] : [['r', before] as const])]);
  expect(answers({ rate: { max: 2, per: '1h' } }, { rates })).toEqual([`when.rate: ${wanted}`]);
});

test.each<[Partial<Question>, Truth]>([
  [{ size: 2 }, 'yes'],
  [{ size: 4 }, 'yes'],
  [{ size: 1 }, 'no'],
  [{ size: 5 }, 'no'],
  [{ size: Number.NaN }, 'unknown'],
  [{}, 'unknown'],
  [{ when: 'before' }, 'later'],
  [{ when: 'before', size: 9 }, 'later'],
  [{ when: 'before', tool: reads }, 'unknown'],
  [{ when: 'before', tool: reads, size: 3 }, 'yes'],
])('a size from 2 to 4 of %j: %s', (asked, wanted) =>
  expect(answers({ blast_radius: { min: 2, max: 4 } }, asked)).toEqual([
    `when.blast_radius: ${wanted}`,
  ]),
);

const memory = { memory: 50 };
const cpu = { cpu: 50 };

test.each<[NonNullable<Conditions['change']>, Partial<Question>, Truth]>([
  [cpu, { change: { cpu: 50 } }, 'yes'],
  [cpu, { change: { cpu: -50 } }, 'yes'],
  [cpu, { change: { cpu: 51 } }, 'no'],
  [cpu, { change: { cpu: -51 } }, 'no'],
  [cpu, { change: { memory: 99 } }, 'yes'],
  [memory, { change: { cpu: 99 } }, 'yes'],
  [memory, { change: { memory: 51 } }, 'no'],
  [{ cpu: 50, memory: 50 }, { change: { memory: 51 } }, 'no'],
  [{ cpu: 0 }, { change: { cpu: 1 } }, 'no'],
  [{ cpu: undefined }, { change: { cpu: 99 } }, 'yes'],
  [cpu, { change: { cpu: Number.NaN } }, 'unknown'],
  [cpu, { change: { cpu: 99 }, tool: reads }, 'yes'],
  [cpu, { change: { cpu: 99 }, when: 'before' }, 'later'],
  [cpu, {}, 'yes'],
  [cpu, { when: 'before' }, 'later'],
  [cpu, { when: 'before', tool: reads }, 'yes'],
  [cpu, { when: 'before', input: { cpus: 2 } }, 'later'],
  [cpu, { input: { memory_mb: 2 } }, 'yes'],
  [memory, { input: { cpus: 2 } }, 'yes'],
  [cpu, { input: { cpus: undefined } }, 'yes'],
  [cpu, { input: { cpus: null } }, 'yes'],
  [cpu, { input: { name: 'x', cpus: 0 } }, 'unknown'],
])('a change within %j of %j: %s', (change, asked, wanted) =>
  expect(answers({ change }, asked)).toEqual([`when.change: ${wanted}`]),
);

test.each<['cpu' | 'memory', string, boolean]>([
  ...['cpu', 'cpus', 'CPU', 'num_cpu', 'numcpus', 'num_cpus', 'cpu_count'].map(
    (name) => ['cpu', name, true] as ['cpu', string, boolean],
  ),
  ...['cpu_hot_add', 'vcpu', 'ncpu', 'num', 'cpu_'].map(
    (name) => ['cpu', name, false] as ['cpu', string, boolean],
  ),
  ...['memory', 'memory_mb', 'memory_mib', 'Memory_GB', 'memory_gib'].map(
    (name) => ['memory', name, true] as ['memory', string, boolean],
  ),
  ...['memory_hot_add', 'in_memory', 'memory_', 'memory_kb'].map(
    (name) => ['memory', name, false] as ['memory', string, boolean],
  ),
])('a change of %s that is not measured is asked for with %s: %s', (part, name, isAsked) =>
  expect(answers({ change: { [part]: 50 } }, { input: { [name]: 2 } })).toEqual([
    `when.change: ${isAsked ? 'unknown' : 'yes'}`,
  ]),
);

test('a scope tells a text that it covers, one that it does not, and none', () => {
  const scope = (name: string | undefined, missing?: Truth) => {
    const condition = covered('n', ['caf\u00e9', 'a*'], ({ target }) => target.name, missing);
    return [
      condition.name,
      condition.test(ask({ target: name === undefined ? {} : { name } }), noon),
    ];
  };
  expect(scope('cafe\u0301')).toEqual(['n', 'yes']);
  expect(scope('ab')).toEqual(['n', 'yes']);
  expect(scope('b')).toEqual(['n', 'no']);
  expect(scope('')).toEqual(['n', 'unknown']);
  expect(scope(undefined)).toEqual(['n', 'unknown']);
  expect(scope(undefined, 'no')).toEqual(['n', 'no']);
});
