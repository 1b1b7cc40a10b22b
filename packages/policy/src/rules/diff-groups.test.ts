import { expect, test } from 'vitest';
import type { Difference } from './diff.js';
import { grouped } from './diff-groups.js';

const one = (over: Partial<Difference>): Difference => ({
  tool: 'wipe',
  target: 'vc',
  environment: 'lab',
  role: null,
  old: 'allow',
  new: 'deny by f',
  ...over,
});
const places = ['vc', 'nsx'].flatMap((target) =>
  ['lab', ''].map((environment) => ({ target, environment })),
);
const roles = ['ops', null];
const everywhere = (over: Partial<Difference>) =>
  places.flatMap((place) => roles.map((role) => one({ ...place, role, ...over })));

const rows = (found: Difference[]) =>
  grouped(found, { places, roles }).map(
    (row) =>
      `${row.tools.join('+')} on ${row.target} in ${row.environment} by ${row.role}: ${row.old} -> ${row.new}`,
  );

test('a group has all its columns, and one tool where it is about one', () =>
  expect(grouped([one({})], { places, roles })).toEqual([
    {
      tools: ['wipe'],
      target: 'vc',
      environment: 'lab',
      role: '(no role)',
      old: 'allow',
      new: 'deny by f',
    },
  ]));

test.each<[string, Difference[], string[]]>([
  ['nothing', [], []],
  [
    'every target',
    ['vc', 'nsx'].map((target) => one({ target, role: 'ops' })),
    ['wipe on any in lab by ops: allow -> deny by f'],
  ],
  [
    'every environment',
    ['lab', ''].map((environment) => one({ environment })),
    ['wipe on vc in any by (no role): allow -> deny by f'],
  ],
  [
    'an environment without a label',
    [one({ environment: '' })],
    ['wipe on vc in (no label) by (no role): allow -> deny by f'],
  ],
  [
    'every role',
    roles.map((role) => one({ role })),
    ['wipe on vc in lab by any: allow -> deny by f'],
  ],
  ['all of them', everywhere({}), ['wipe on any in any by any: allow -> deny by f']],
  [
    'all but one',
    everywhere({}).slice(1),
    [
      'wipe on any in any by (no role): allow -> deny by f',
      'wipe on any in (no label) by ops: allow -> deny by f',
      'wipe on nsx in lab by ops: allow -> deny by f',
    ],
  ],
  [
    'tools, in the order of their names',
    ['b', 'c', 'a'].map((tool) => one({ tool })),
    ['a+b+c on vc in lab by (no role): allow -> deny by f'],
  ],
  [
    'tools with other answers',
    [one({ tool: 'b' }), one({ tool: 'a', new: 'deny by g' }), one({ tool: 'c', old: 'x' })],
    [
      'b on vc in lab by (no role): allow -> deny by f',
      'a on vc in lab by (no role): allow -> deny by g',
      'c on vc in lab by (no role): x -> deny by f',
    ],
  ],
  [
    'targets with other answers',
    [one({ target: 'vc' }), one({ target: 'nsx', new: 'deny by g' })],
    [
      'wipe on vc in lab by (no role): allow -> deny by f',
      'wipe on nsx in lab by (no role): allow -> deny by g',
    ],
  ],
])('what differs for %s reads as one line for what is alike', (_, found, wanted) =>
  expect([...rows(found)].sort()).toEqual([...wanted].sort()),
);
