import * as z from 'zod';
import { defineToolset, longText, pageOf, Refusal, toolsFor } from '../../src/index.js';

/** What a target says at the moment: whatever a test puts there. */
export interface Says {
  texts: readonly string[];
}

const defineTool = toolsFor<Says>();
const read = { effect: 'read', risk: 'low', level: 'read_only' } as const;
const write = { effect: 'write', risk: 'medium', level: 'power_ops' } as const;
const row = z.object({
  name: z.string(),
  note: longText(),
  tags: z.array(z.string()),
  labels: z.record(z.string(), z.string()),
});
const said = z.object({ lines: z.array(z.string()) });

/** Tools that hand on what their target says, one for each way in which a text can leave. */
export function textsOf(target: Says) {
  const listTexts = defineTool({
    ...read,
    name: 'list_texts',
    usage: 'text list',
    summary: 'Lists what the target says.',
    input: z.object({ limit: z.int().optional().describe('Rows.') }),
    output: pageOf(row),
  }).run(async (_input, { texts }) => {
    const items = texts.map((name) => ({
      name,
      note: name,
      tags: [name],
      labels: { [name]: name },
    }));
    const { length } = items;
    const rest = { limit: null, total: length, truncated: false, next_cursor: null };
    return { ...rest, items, returned: length, hint: texts[0] ?? null };
  });

  const readTexts = defineTool({
    ...read,
    name: 'read_texts',
    usage: 'text read',
    summary: 'Shows what the target says, and progress in its words.',
    format: 'text',
    input: z.object({}),
    output: said,
  }).run(async (_input, { texts }, { progress }) => {
    for (const [done, message] of texts.entries()) progress({ done, total: texts.length, message });
    return { lines: [...texts] };
  });

  const refuseTexts = defineTool({
    ...read,
    name: 'refuse_texts',
    usage: 'text refuse',
    summary: 'Fails in the words of the target.',
    input: z.object({}),
    output: said,
  }).run(async (_input, { texts }) => {
    const [first = ''] = texts;
    const details = { nearest: texts, candidates: texts.map((name) => ({ name })), [first]: first };
    throw new Refusal('REFUSED', first, `Run \`vmware-texts text list\`, not ${first}.`, details);
  });

  const breakTexts = defineTool({
    ...read,
    name: 'break_texts',
    usage: 'text break',
    summary: 'Crashes with the words of the target.',
    input: z.object({}),
    output: said,
  }).run(async (_input, { texts }) => {
    throw Object.assign(new Error(texts.join(' ')), { name: texts[0] });
  });

  const changeTexts = defineTool({
    ...write,
    name: 'change_texts',
    usage: 'text change',
    summary: 'Plans in the words of the target.',
    input: z.object({ blocked: z.boolean().default(false).describe('Let the target object.') }),
    output: said,
  })
    .plan(async ({ blocked }, { texts }) => ({
      summary: texts[0] ?? '',
      changes: [...texts],
      requests: [...texts],
      blast_radius: {
        total: texts.length,
        objects: texts.map((name) => ({ type: 'text', id: name, name })),
        reversible: false,
      },
      blockers: blocked ? [...texts] : [],
      unmeasured: blocked ? [...texts] : [],
    }))
    .run(async (_input, { texts }) => {
      const [first = ''] = texts;
      throw Object.assign(new Refusal('LOST', first, first, { check: first, texts }), {
        effect: 'unknown',
      });
    });

  const tools = { listTexts, readTexts, refuseTexts, breakTexts, changeTexts };
  const toolset = defineToolset<Says>({
    name: 'texts',
    title: 'What a target says',
    version: '1.0.0',
    instructions: 'Says.',
    targets: async () => ({
      list: () => [],
      find: (name = 'lab') => {
        if (name === 'lab') return { name, environment: 'lab' };
        throw new Refusal('UNKNOWN_TARGET', `There is no target ${name}.`, 'Use the target lab.', {
          nearest: name,
        });
      },
    }),
    connect: async () => ({ clients: target, close: async () => {} }),
    groups: { texts: [listTexts, readTexts, refuseTexts, breakTexts, changeTexts] },
    resources: [
      {
        uri: 'texts://all',
        name: 'texts',
        summary: 'All texts.',
        level: 'read_only',
        tool: listTexts,
        input: {},
      },
    ],
  });
  return { toolset, tools };
}
