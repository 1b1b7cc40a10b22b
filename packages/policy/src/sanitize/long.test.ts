import { expect, test } from 'vitest';
import * as z from 'zod';
import { type Card, credential, longText } from '../tool.js';
import { credentialNames, longNames } from './long.js';

const card = (output: z.ZodType): Card => ({ output }) as unknown as Card;

test('fields that a card declares long are known by name, wherever they are', () => {
  const tool = card(
    z.object({
      name: z.string(),
      note: longText(),
      log: longText().optional(),
      events: z.array(z.object({ text: longText().nullable(), id: z.string() })),
      by_host: z.record(z.string(), z.object({ said: longText() })),
      maybe: z.object({ inner: longText().default('') }).optional(),
    }),
  );
  expect([...longNames(tool)]).toEqual([
    ['note', 1_000],
    ['log', 1_000],
    ['text', 1_000],
    ['said', 1_000],
    ['inner', 1_000],
  ]);
  expect(longNames(tool)).toBe(longNames(tool));
  expect(credentialNames(tool)).toEqual([]);
});

test('a credential may be longer still, and is no long text', () => {
  const tool = card(z.object({ kubeconfig: credential(), context: z.string() }));
  expect([...longNames(tool)]).toEqual([['kubeconfig', 262_144]]);
  expect(credentialNames(tool)).toEqual(['kubeconfig']);
});

test('an output without such fields has none', () => {
  for (const output of [z.object({ name: z.string() }), z.array(z.string()), z.string()])
    expect(longNames(card(output)).size).toBe(0);
});
