import { afterEach, describe, expect, test } from 'vitest';
import { wrongWith } from '../../../../test/kit/leaves.js';
import { program } from '../../src/surfaces/cli/program.js';
import { scripted } from '../terminal.js';
import { textsLab, wrongOfAll } from './texts-lab.js';

describe('at a command line nothing hostile comes out of', () => {
  afterEach(() => {
    process.exitCode = undefined;
  });

  async function run(at: ReturnType<typeof textsLab>, ...line: string[]) {
    const { terminal, said } = scripted();
    const root = program(at.surface, (work) => work(at.governed), terminal);
    await root.parseAsync(['node', 'vmware-texts', ...line]);
    return said;
  }

  test.each(['table', 'wide', 'json', 'jsonl', 'yaml', 'name', 'csv', 'jsonpath=$..*'])(
    'a list as %s',
    async (format) => {
      await using at = textsLab();
      const call = async () => {
        const { data } = await run(at, 'text', 'list', '-o', format);
        expect(data.length).toBeGreaterThan(100);
        return wrongWith(data);
      };
      expect(await wrongOfAll(at.target, call)).toEqual([]);
    },
  );

  test('lines as text, one for each', async () => {
    await using at = textsLab();
    const call = async () => {
      const { data } = await run(at, 'text', 'read');
      expect(data.split('\n')).toHaveLength(at.target.texts.length + 1);
      return wrongWith(data);
    };
    expect(await wrongOfAll(at.target, call)).toEqual([]);
  });

  test.each([
    ['an error', ['text', 'refuse']],
    ['an error as JSON', ['text', 'refuse', '--json']],
    ['a crash', ['text', 'break']],
    ['a plan', ['text', 'change', '--dry-run']],
    ['a plan as YAML', ['text', 'change', '--dry-run', '-o', 'yaml']],
    ['a plan that is blocked', ['text', 'change', '--blocked', '--yes']],
  ])('%s', async (_what, line) => {
    await using at = textsLab();
    const call = async () => {
      const { data, talk } = await run(at, ...line);
      expect(data + talk).not.toBe('');
      return wrongWith(data + talk);
    };
    expect(await wrongOfAll(at.target, call)).toEqual([]);
  });
});
