import { expect, test } from 'vitest';
import { countersAt } from '../../../test/toolset.js';
import { describe } from '../docs/describe.js';
import { type Choice, choose } from './choose.js';

const surface = describe(countersAt('http://127.0.0.1:1').toolset);
const look = ['list_counters', 'get_counter'];
const destroying = ['reset_counter', 'delete_counter'];

test.each<[Choice, string[]]>([
  [{}, [...look, 'raise_counter', ...destroying]],
  [{ readOnly: true }, look],
  [{ disableDestructive: true }, [...look, 'raise_counter']],
  [{ toolsets: ['look'] }, look],
  [{ toolsets: ['all'] }, [...look, 'raise_counter', ...destroying]],
  [{ tools: ['delete_counter'] }, ['delete_counter']],
  [{ toolsets: ['look'], tools: ['raise_counter'] }, [...look, 'raise_counter']],
  [{ toolsets: ['all'], readOnly: true }, look],
  [{ tools: ['delete_counter'], disableDestructive: true }, []],
  [{ toolsets: [] }, []],
])('%j offers %j', (choice, names) => {
  expect(choose(surface, choice).map(({ listing }) => listing.name)).toEqual(names);
});

test('a group or tool that does not exist is an error that lists those that do', () => {
  expect(() => choose(surface, { toolsets: ['lok'] })).toThrow('There is no toolset named "lok".');
  expect(() => choose(surface, { tools: ['get_counters'] })).toThrow(
    'There is no tool named "get_counters".',
  );
});
