import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { type Card, toolsFor } from '../tool.js';
import { defineToolset } from '../toolset.js';
import { checkToolset } from './contract.js';

/** What the contract says of one card, whose files are where they belong. */
function wrongWith(extra: Partial<Card<z.ZodObject, z.ZodObject, 'read'>>): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'contract-'));
  mkdirSync(join(dir, 'jar'));
  for (const end of ['.ts', '.test.ts']) writeFileSync(join(dir, `jar/list_jars${end}`), '');
  for (const end of ['.ts', '.test.ts']) writeFileSync(join(dir, `jar/list-jars${end}`), '');
  const tool = toolsFor<never>()({
    name: 'list_jars',
    usage: 'jar list <shelf>',
    summary: 'Lists the jars of a shelf.',
    effect: 'read',
    risk: 'low',
    level: 'read_only',
    input: z.object({
      shelf: z.string().describe('Where.'),
      full_only: z.boolean().optional().describe('No empty ones.'),
      file: z.string().optional().describe('A list instead.'),
    }),
    output: z.object({ items: z.array(z.object({ name: z.string() })) }),
    ...extra,
  }).run(async () => ({ items: [] }));
  return checkToolset(
    defineToolset<never>({
      name: 'jars',
      title: 'Jars',
      version: '1.0.0',
      instructions: '',
      targets: () => Promise.reject(new Error('unused')),
      connect: () => Promise.reject(new Error('unused')),
      groups: { jar: [tool] },
    }),
    dir,
  ).filter((said) => said.startsWith('list_jars: '));
}

const flagless = 'list_jars: its flags name an input that has none';
const same = 'list_jars: two of its flags are the same';

test.each<[string, Parameters<typeof wrongWith>[0], string[]]>([
  ['a good card', {}, []],
  ['flags and offline of its own inputs', { flags: { file: 'from' }, offline: ['file'] }, []],
  ['a flag of an input it does not have', { flags: { colour: 'c' } }, [flagless]],
  ['a flag of an input that is an argument', { flags: { shelf: 'at' } }, [flagless]],
  ['two inputs under one flag', { flags: { file: 'full-only' } }, [same]],
  ['the negation of another flag', { flags: { file: 'no-full-only' } }, [same]],
  ['the flag of the target', { flags: { file: 'target' } }, [same]],
  ['the flag of the configuration', { flags: { file: 'config' } }, [same]],
  ['the flag of the output', { flags: { file: 'output' } }, [same]],
  [
    'offline inputs it does not have',
    { offline: ['snapshot'] },
    ['list_jars: offline names an input it does not have'],
  ],
])('%s', (_what, extra, said) => {
  expect(wrongWith(extra)).toEqual(said);
});
