import { afterEach, expect, test } from 'vitest';
import { wrongIn, wrongWith } from '../../../../test/kit/leaves.js';
import { connectTo } from '../../../vsphere/test/mcp-client.js';
import { govern } from '../../src/open.js';
import { program } from '../../src/surfaces/cli/program.js';
import { describe } from '../../src/surfaces/docs/describe.js';
import { records } from '../../src/tools/toolset.js';
import { scripted } from '../terminal.js';
import { batches, textsLab, wrongOfAll } from './texts-lab.js';

afterEach(() => {
  process.exitCode = undefined;
});

test('no row of the audit log, and nothing that is exported of it, holds anything hostile', async () => {
  await using at = textsLab();
  await using mcp = await connectTo(at.surface, at.governed, 'modern');
  const call = async () => {
    const [text = ''] = at.target.texts;
    for (const [name, args] of [
      ['read_texts', {}],
      ['refuse_texts', {}],
      ['break_texts', { [text]: text }],
      ['list_texts', { target: text }],
      ['change_texts', { ticket: text }],
      ['change_texts', { blocked: true, dry_run: false }],
    ] as const)
      await mcp.client.callTool({ name, arguments: args });
    return [];
  };
  await wrongOfAll(at.target, call);
  const rows = at.audit().map(({ prev: _, hash: __, body, ...columns }) => ({
    ...columns,
    body: JSON.parse(body) as unknown,
  }));
  expect(rows.length).toBeGreaterThan(batches.length * 6);
  expect(wrongIn(rows)).toEqual([]);

  await using own = {
    governed: govern(records(at.home), { home: at.home, env: {} }),
    [Symbol.asyncDispose]() {
      return this.governed.close();
    },
  };
  const surface = describe(records(at.home));
  for (const format of ['jsonl', 'csv', 'json', 'yaml', 'table', 'wide']) {
    const { terminal, said } = scripted();
    await program(surface, (work) => work(own.governed), terminal).parseAsync([
      'node',
      'vmware-audit',
      'export',
      '-o',
      format,
    ]);
    expect(said.data.length).toBeGreaterThan(10_000);
    expect(wrongWith(said.data)).toEqual([]);
  }
});
