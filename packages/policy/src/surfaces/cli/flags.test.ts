import { Command } from 'commander';
import { expect, test } from 'vitest';
import { countersAt } from '../../../test/toolset.js';
import { describe } from '../docs/describe.js';
import { addInputs, inputsFrom } from './flags.js';

const { tools } = describe(countersAt('http://127.0.0.1:1').toolset);
const raise = tools.find(({ listing }) => listing.name === 'raise_counter');

function parse(...line: string[]): Record<string, unknown> {
  if (!raise) throw new Error('no raise_counter');
  const command = new Command('raise').exitOverride().configureOutput({ writeErr: () => {} });
  addInputs(command, raise);
  command.action(() => {});
  command.parse(line, { from: 'user' });
  return inputsFrom(command, raise);
}

test('words are inputs by place, flags by name, and what is not given is as the card has it', () => {
  expect(parse('red')).toEqual({ name: 'red', checked: true });
  expect(parse('red', '--by', '3', '--tag', 'x', '--labels', 'warm, cold', '--no-checked')).toEqual(
    {
      name: 'red',
      by: 3,
      tag: 'x',
      labels: ['warm', 'cold'],
      checked: false,
    },
  );
});

test.each([
  [['red', '--by', 'two'], 'not a number'],
  [['red', '--by', ''], 'not a number'],
  [['red', '--labels', 'warm,hot'], '"hot" is none of warm, cold'],
  [[], "missing required argument 'name'"],
  [['red', '--colour', 'x'], "unknown option '--colour'"],
])('%j is refused', (line, why) => {
  expect(() => parse(...line)).toThrow(why);
});

test('reserved inputs are no flags of the tool', () => {
  expect(() => parse('red', '--consent', 'x')).toThrow('unknown option');
});
