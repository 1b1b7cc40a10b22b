import { describe, expect, test } from 'vitest';
import { wrongInResult, wrongWith } from '../../../../test/kit/leaves.js';
import { benign, blns, classes, isZalgo } from '../../../../test/kit/naughty-strings.js';
import { connectTo, type Era } from '../../../vsphere/test/mcp-client.js';
import { clean } from '../../src/sanitize/clean.js';
import { cleanDeep, defuse } from '../../src/sanitize/mark.js';
import { naughty, textsLab, wrongOfAll } from './texts-lab.js';

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
      await using at = textsLab();
      await using mcp = await connectTo(at.surface, at.governed, era);
      const call = async () => {
        const result = await mcp.client.callTool({ name: 'list_texts', arguments: {} });
        expect(result.structuredContent).toMatchObject({ returned: at.target.texts.length });
        return wrongInResult(result);
      };
      expect(await wrongOfAll(at.target, call)).toEqual([]);
    });

    test.each(['refuse_texts', 'break_texts'])('the errors of %s', async (name) => {
      await using at = textsLab();
      await using mcp = await connectTo(at.surface, at.governed, era);
      const call = async () => {
        const result = await mcp.client.callTool({ name, arguments: {} });
        expect(result.isError).toBe(true);
        return wrongInResult(result);
      };
      expect(await wrongOfAll(at.target, call)).toEqual([]);
    });

    test('plans, blockers, questions to a person and lost outcomes', async () => {
      await using at = textsLab();
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
      await using at = textsLab();
      await using mcp = await connectTo(at.surface, at.governed, era);
      const call = async () => wrongInResult(await mcp.client.readResource({ uri: 'texts://all' }));
      expect(await wrongOfAll(at.target, call)).toEqual([]);
    });

    test('messages of progress', async () => {
      await using at = textsLab();
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
  await using at = textsLab();
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

test('a question does not join two harmless texts to an imitation of the fence', async () => {
  await using at = textsLab();
  await using mcp = await connectTo(at.surface, at.governed, 'modern', 'agree');
  at.target.texts = ['untrusted', 'output'];
  await mcp.client.callTool({ name: 'change_texts', arguments: { dry_run: false } });
  expect(mcp.asked).toHaveLength(1);
  expect(mcp.asked.flatMap((question) => wrongWith(question))).toEqual([]);
});
