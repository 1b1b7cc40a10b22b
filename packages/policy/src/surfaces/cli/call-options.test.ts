import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import type { Surface, SurfaceTool } from '../surface.js';
import { addCallOptions, callOptions } from './call-options.js';
import { wordsOf } from './command-words.js';
import { addInputs } from './flags.js';

const programs = ['vsphere', 'nsx-security', 'vks', 'policy'];
const toolsOf = (name: string): readonly SurfaceTool[] => {
  const file = join(import.meta.dirname, '../../../..', name, 'surface.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as Surface).tools;
};
const toolOf = (program: string, command: string): SurfaceTool => {
  const tool = toolsOf(program).find((one) => wordsOf(one).join(' ') === command);
  if (!tool) throw new Error(`There is no ${command}.`);
  return tool;
};

function commandOf(tool: SurfaceTool): Command {
  const command = new Command('x').exitOverride().configureOutput({ writeErr: () => {} });
  addInputs(command, tool);
  addCallOptions(command, tool);
  return command.action(() => {});
}

const parsed = (tool: SurfaceTool, ...line: string[]) =>
  callOptions(commandOf(tool).parse(line, { from: 'user' }), tool);

test.each(programs)('no two flags of a command of %s have the same name or letter', (program) => {
  for (const tool of toolsOf(program)) {
    const flags = commandOf(tool).options.flatMap(({ long, short }) => [long, short]);
    const named = flags.filter((flag) => flag !== undefined);
    expect([tool.usage, named]).toEqual([tool.usage, [...new Set(named)]]);
  }
});

test.each(programs)('every command of %s has --timeout, and every read --watch', (program) => {
  for (const tool of toolsOf(program)) {
    const flags = commandOf(tool).options.map(({ long }) => long);
    expect(flags).toContain('--timeout');
    expect([tool.usage, flags.includes('--watch')]).toEqual([tool.usage, tool.effect === 'read']);
  }
});

const list = toolOf('vsphere', 'vm list');

test('what is not said is as it was', () => {
  expect(parsed(list)).toEqual({
    output: 'table',
    isAsked: false,
    json: false,
    headers: true,
    quiet: false,
    watch: false,
    follow: false,
    interval: 2,
    dryRun: false,
    yes: false,
  });
});

test('a deadline is said in seconds, and an interval means that it is watched', () => {
  expect(parsed(list, '--timeout', '1.5', '--interval', '5', '-q')).toMatchObject({
    timeout: 1500,
    watch: true,
    interval: 5,
    quiet: true,
  });
});

test('a --timeout of the tool itself is its input, not the deadline of the call', () => {
  const wait = toolOf('vks', 'tkc wait');
  expect(parsed(wait, 'a', '-n', 'dev', '--timeout', '60')).not.toHaveProperty('timeout');
});

test.each([
  ['--timeout', '0'],
  ['--timeout', '-1'],
  ['--timeout', 'soon'],
  ['--interval', '0.9'],
  ['--interval', 'often'],
  ['-o', 'xml'],
])('%s %s is refused', (flag, value) => {
  expect(() => parsed(list, flag, value)).toThrow('is invalid');
});
