import { expect, test } from 'vitest';
import { callOf } from '../../test/rules/rules-lab.js';
import type { Plan } from '../tool.js';
import { coverage, namesOf, questionOf } from './question.js';

const call = callOf({ effect: 'read', risk: 'high', level: 'read_only' }, { input: { n: 1 } });
const { tool } = call;

const plan = (total: number, over: object = {}): Plan => ({
  summary: 's',
  changes: [],
  requests: [],
  blast_radius: { total, objects: [], reversible: true },
  blockers: [],
  unmeasured: [],
  ...over,
});

const rates = new Map([['r', 1]]);
const base = {
  tool,
  input: { n: 1 },
  target: { name: 'vc', environment: 'lab' },
  roles: ['ops'],
  when: 'after',
  rates,
};

test.each<[string, Plan | undefined, object]>([
  ['no plan', undefined, {}],
  ['a plan of a size', plan(3), { size: 3 }],
  ['a plan of nothing', plan(0), { size: 0 }],
  ['a plan of which something was not measured', plan(3, { unmeasured: ['x'] }), {}],
  ['a plan of a size that is no number', plan(Number.NaN), {}],
  ['a plan of a size without end', plan(Number.POSITIVE_INFINITY), {}],
  [
    'a plan with percentages',
    plan(1, { change_pct: { cpu: 5, memory: '7' } }),
    { size: 1, change: { cpu: 5, memory: 7 } },
  ],
  [
    'a plan with one of them',
    plan(1, { change_pct: { memory: 7 } }),
    { size: 1, change: { memory: 7 } },
  ],
  ['a plan with none of them', plan(1, { change_pct: {} }), { size: 1, change: {} }],
  [
    'a plan with words for them',
    plan(1, { change_pct: { cpu: 'much' } }),
    { size: 1, change: { cpu: Number.NaN } },
  ],
  ['a plan with null for all', plan(1, { change_pct: null }), { size: 1 }],
  ['a plan with a word for all', plan(1, { change_pct: 'much' }), { size: 1 }],
])('%s gives the question its size and its change', (_, planned, more) => {
  const asked = questionOf(planned ? { ...call, plan: planned } : call, ['ops'], 'after', rates);
  expect(asked).toEqual({ ...base, ...more });
  expect(Object.keys(asked).sort()).toEqual(Object.keys({ ...base, ...more }).sort());
});

test('a tool has its name and its older ones, in NFC, the same each time', () => {
  const old = { name: 'cafe\u0301', aliases: ['x', 'e\u0301'] };
  expect(namesOf(old)).toEqual(['caf\u00e9', 'x', '\u00e9']);
  expect(namesOf(old)).toBe(namesOf(old));
  expect(namesOf({ name: 'a' })).toEqual(['a']);
});

test('a rate that knows a tool by any of its names counts it by its present name too', () => {
  const covers = (name: string) => ['old', 'other'].includes(name);
  const counted = coverage({ covers }, { name: 'new', aliases: ['old'] });
  expect(['new', 'old', 'other', 'x'].map((name) => counted?.(name))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(coverage({ covers }, { name: 'new' })).toBeUndefined();
});
