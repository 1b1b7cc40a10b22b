import * as z from 'zod';
import { toolsFor } from '../../src/index.js';
import type { States } from './states.js';

/** What the fixture cards work with. */
export interface Fixture {
  readonly states: States;
  /** Tells whoever listens that a list has changed. */
  changed(what: 'tools' | 'prompts'): void;
}

export const defineTool = toolsFor<Fixture>();

const of = { uri: z.string(), mimeType: z.string() };
const resource = z.union([
  z.object({ ...of, text: z.string() }),
  z.object({ ...of, blob: z.string() }),
]);

const block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image'), data: z.string(), mimeType: z.string() }),
  z.object({ type: z.literal('audio'), data: z.string(), mimeType: z.string() }),
  z.object({ type: z.literal('resource'), resource }),
]);

/**
 * What a fixture says, as data: the MCP content that our own cards never have, or `asks`, the requests to the
 * client that must be answered first, by key.
 */
export const said = z.object({
  content: z.array(block).optional(),
  asks: z
    .record(z.string(), z.object({ method: z.string(), params: z.looseObject({}).optional() }))
    .optional(),
  state: z.string().optional(),
});

export type Said = z.input<typeof said>;
export type Block = z.output<typeof block>;

export const text = (words: string): Block => ({ type: 'text', text: words });

/** The facts of a fixture card that looks. */
export const facts = (name: string) =>
  ({
    name,
    usage: name.replaceAll('_', ' '),
    effect: 'read',
    risk: 'low',
    level: 'read_only',
    output: said,
  }) as const;
