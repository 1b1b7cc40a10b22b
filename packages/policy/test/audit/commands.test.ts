import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Home } from '../../src/home.js';
import { govern } from '../../src/open.js';
import { program } from '../../src/surfaces/cli/program.js';
import { describe } from '../../src/surfaces/docs/describe.js';
import { records } from '../../src/tools/toolset.js';
import { scripted } from '../terminal.js';
import { fill, freshHome, tamper } from './log-lab.js';

/** Runs a command line of vmware-audit, and resolves to what it ended with and printed. */
async function run(home: Home, ...words: string[]): Promise<{ code: unknown; out: string }> {
  const { terminal, said } = scripted();
  const root = program(
    describe(records(home)),
    async (work) => {
      const governed = govern(records(home), { home, env: {} });
      try {
        return await work(governed);
      } finally {
        await governed.close();
      }
    },
    terminal,
  );
  const before = process.exitCode;
  try {
    await root.exitOverride().parseAsync(['node', 'vmware-audit', ...words]);
    return { code: process.exitCode, out: said.data + said.talk };
  } finally {
    process.exitCode = before;
  }
}

test('the life of a log on the command line: written, rotated, held, pruned, backed up, watched', async () => {
  const home = freshHome();
  await fill(home, 20);
  const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
  const dir = join(elsewhere, 'backup');
  const anchor = join(elsewhere, 'audit.anchor');
  const watch = ['watch', '--state', join(elsewhere, 'state.json')];
  expect(await run(home, ...watch)).toMatchObject({ code: 0 });
  expect(await run(home, 'anchor', '--out', anchor, '--yes')).toMatchObject({ code: 0 });
  expect(readFileSync(anchor, 'utf8')).toContain('"seq":22');
  expect(await run(home, 'rotate', '--keep', '5', '--before', '0m', '--yes')).toMatchObject({
    code: 0,
  });
  expect(await run(home, 'archives')).toMatchObject({
    out: expect.stringContaining('0000000001-'),
  });
  const hold = ['hold', 'place', 'case-1', '--from', '1h', '--reason', 'a case', '--yes'];
  expect(await run(home, ...hold)).toMatchObject({ code: 0 });
  expect(await run(home, 'hold', 'list')).toMatchObject({ out: expect.stringContaining('case-1') });
  const prune = ['prune', '--keep-size', '0KB', '--yes', '--confirm', '0000000001-0000000020.db'];
  expect(await run(home, ...prune)).toMatchObject({
    code: 6,
    out: expect.stringContaining('case-1'),
  });
  expect(await run(home, 'backup', dir)).toMatchObject({ code: 0 });
  expect(await run(home, 'backup', 'verify', dir)).toMatchObject({ code: 0 });
  expect(await run(home, 'verify', '--anchor', anchor)).toMatchObject({ code: 0 });
  const release = ['hold', 'release', 'case-1', '--reason', 'closed', '--yes'];
  expect(await run(home, ...release)).toMatchObject({ code: 0 });
  expect(await run(home, ...prune)).toMatchObject({ code: 0 });
  expect(await run(home, 'verify')).toMatchObject({
    code: 2,
    out: expect.stringContaining('pruned'),
  });
  expect(await run(home, ...watch)).toMatchObject({ code: 2 });
  tamper(home.auditDb, "UPDATE event SET actor = 'bob' WHERE seq = 30");
  expect(await run(home, 'verify', '-o', 'json')).toMatchObject({
    code: 1,
    out: expect.stringContaining('"first_bad_row": 30'),
  });
  expect(await run(freshHome(), 'verify')).toMatchObject({ code: 3 });
});
