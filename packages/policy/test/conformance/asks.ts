import * as z from 'zod';
import type { Said } from './said.js';

export type Asks = NonNullable<Said['asks']>;
type Ask = Asks[string];

/** Inputs that the fixture server fills in from the request, not from its arguments. */
export const answered = {
  answers: z.record(z.string(), z.unknown()).optional().describe('What the client answered.'),
  state: z.string().optional().describe('The state that came back with it.'),
};

type Answers = Readonly<Record<string, unknown>> | undefined;

/** Questions to the client, as MCP writes them. */
export const form = (message: string, properties: Record<string, unknown>): Ask => ({
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message,
    requestedSchema: { type: 'object', properties, required: Object.keys(properties) },
  },
});

export const sample = (prompt: string, maxTokens = 100): Ask => ({
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens },
});

export const roots: Ask = { method: 'roots/list' };

const sampled = z.object({ content: z.object({ text: z.string() }) });
const listed = z.object({ roots: z.array(z.object({ uri: z.string() })) });

export const sampledText = (answers: Answers, key: string): string | undefined =>
  sampled.safeParse(answers?.[key]).data?.content.text;

export const listedRoots = (answers: Answers, key: string): string[] | undefined =>
  listed.safeParse(answers?.[key]).data?.roots.map(({ uri }) => uri);
