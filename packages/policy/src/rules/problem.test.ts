import { expect, test } from 'vitest';
import { RulesUnavailable } from './problem.js';

const at = { line: 12, column: 5 };

test.each<[ConstructorParameters<typeof RulesUnavailable>, string, string, string]>([
  [
    ['r.yaml', [{ message: 'is odd', place: at }]],
    'r.yaml:12:5',
    'r.yaml:12:5: is odd',
    'Run `vmware-audit rules lint` and mend the line it names.',
  ],
  [['r.yaml', [{ message: 'is odd' }], 'Mend it.'], 'r.yaml', 'r.yaml: is odd', 'Mend it.'],
  [
    ['r.yaml', [{ message: 'is odd', place: at }, { message: 'is even' }], 'Mend it.'],
    'r.yaml:12:5',
    'r.yaml:12:5: is odd (and 1 more)',
    'Mend it.',
  ],
  [
    ['r.yaml', [{ message: 'a' }, { message: 'b', place: at }, { message: 'c' }], 'Mend it.'],
    'r.yaml',
    'r.yaml: a (and 2 more)',
    'Mend it.',
  ],
  [['r.yaml', [], 'Mend it.'], 'r.yaml', 'r.yaml: cannot be used', 'Mend it.'],
])('%j says where and what, and what to do', (given, where, message, remedy) => {
  const problem = new RulesUnavailable(...given);
  expect(problem).toBeInstanceOf(Error);
  expect({ ...problem, message: problem.message }).toEqual({
    name: 'RulesUnavailable',
    code: 'RULES_UNAVAILABLE',
    where,
    message,
    remedy,
    faults: given[1],
  });
});
