import { Command } from 'commander';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { countersAt } from '../../../test/toolset.js';
import { toolsFor } from '../../tool.js';
import { defineToolset } from '../../toolset.js';
import { describe } from '../docs/describe.js';
import type { SurfaceTool } from '../surface.js';
import { addInputs, inputsFrom } from './flags.js';

const { tools } = describe(countersAt('http://127.0.0.1:1').toolset);
const raise = tools.find(({ listing }) => listing.name === 'raise_counter');

/** The inputs that a command line gives a tool, and the help of its command. */
function parsed(tool: SurfaceTool | undefined, line: string[]) {
  if (!tool) throw new Error('no such tool');
  const command = new Command('x').exitOverride().configureOutput({ writeErr: () => {} });
  addInputs(command, tool);
  command.action(() => {});
  command.parse(line, { from: 'user' });
  return { given: inputsFrom(command, tool), help: command.helpInformation() };
}
const parse = (...line: string[]) => parsed(raise, line).given;

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

const none = z.object({});
/** A tool with inputs whose flags have other names, and with a boolean of every kind. */
const paint = toolsFor<never>()({
  name: 'list_paints',
  usage: 'paint list <shelf>',
  summary: 'Lists paints.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  flags: { display_name: 'name', paint_scope: 'scope', scope: 'applied-to' },
  input: z.object({
    shelf: z.string().optional().describe('Where.'),
    display_name: z.string().optional().describe('Name people see.'),
    paint_scope: z.string().optional().describe('Which shop.'),
    scope: z.string().optional().describe('What it is for.'),
    wet: z.boolean().optional().describe('Still wet.'),
    matt: z.boolean().default(false).describe('Without gloss.'),
    sorted: z.boolean().default(true).describe('By name.'),
    limit: z.int().default(50).describe('Rows.'),
  }),
  output: none,
}).run(async () => ({}));
const [painted] = describe(
  defineToolset<never>({
    name: 'paints',
    title: 'Paints',
    version: '1.0.0',
    instructions: '',
    targets: () => Promise.reject(new Error('unused')),
    connect: () => Promise.reject(new Error('unused')),
    groups: { paint: [paint] },
  }),
).tools;
const given = (...line: string[]) => parsed(painted, line).given;

test('a flag that the card renames fills the input it stands for, and no other', () => {
  expect(given('--name', 'Red', '--scope', 'shop', '--applied-to', 'doors')).toMatchObject({
    display_name: 'Red',
    paint_scope: 'shop',
    scope: 'doors',
  });
  expect(() => given('--display-name', 'Red')).toThrow('unknown option');
  expect(() => given('--paint-scope', 'x')).toThrow('unknown option');
});

test('an argument that may be left out is left out', () => {
  expect(given()).not.toHaveProperty('shelf');
  expect(given('top')).toMatchObject({ shelf: 'top' });
});

test('a boolean that may be left out can be said both ways, and is not given otherwise', () => {
  expect(given()).not.toHaveProperty('wet');
  expect(given('--wet')).toMatchObject({ wet: true });
  expect(given('--no-wet')).toMatchObject({ wet: false });
});

test('a boolean with a default has the one switch that leaves it', () => {
  expect(given('--matt', '--no-sorted')).toMatchObject({ matt: true, sorted: false });
  expect(() => given('--no-matt')).toThrow('unknown option');
  expect(() => given('--sorted')).toThrow('unknown option');
  const { help } = parsed(painted, []);
  expect(help).toMatch(/--wet +Still wet\./);
  expect(help).toMatch(/--no-wet +not --wet/);
  expect(help).toMatch(/--no-sorted +switch off: By name\./);
});

test('help says what an option is when it is not given', () => {
  expect(parsed(painted, []).help).toMatch(/--limit <n> +Rows\. \(default: 50\)/);
  expect(given()).not.toHaveProperty('limit');
});

test('a flag may have a letter, and what is no plain value is given as JSON', () => {
  const defineTool = toolsFor<null>();
  const tool = defineTool({
    name: 'make_pool',
    usage: 'pool make <name>',
    summary: 'Make a pool.',
    effect: 'read',
    risk: 'low',
    level: 'read_only',
    flags: { namespace: 'n, namespace' },
    input: z.object({
      name: z.string(),
      namespace: z.string(),
      nodes: z.array(z.object({ size: z.int() })).optional(),
      variables: z.record(z.string(), z.unknown()).optional(),
    }),
    output: z.object({}),
  }).run(async () => ({}));
  const toolset = defineToolset({
    name: 'pools',
    title: 'Pools',
    version: '1.0.0',
    instructions: '',
    targets: async () => ({ list: () => [], find: () => ({ name: '', environment: '' }) }),
    connect: async () => ({ clients: null, close: async () => {} }),
    groups: { pool: [tool] },
  });
  const [make] = describe(toolset).tools;
  const line = ['a', '-n', 'dev', '--nodes', '[{"size":3}]', '--variables', '{"x":{"y":1}}'];
  expect(parsed(make, line).given).toEqual({
    name: 'a',
    namespace: 'dev',
    nodes: [{ size: 3 }],
    variables: { x: { y: 1 } },
  });
  expect(parsed(make, line).help).toMatch(/-n, --namespace <value>[\s\S]*--nodes <json>/);
  expect(() => parsed(make, ['a', '-n', 'dev', '--nodes', '[{'])).toThrow('It is not JSON');
});
