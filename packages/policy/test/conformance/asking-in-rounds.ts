import { acceptedContent } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { type Asks, answered, form, sample, sampledText } from './asks.js';
import { defineTool, facts, type Said, text } from './said.js';

const first = form('Step 1: What is your name?', { name: { type: 'string' } });
const second = form('Step 2: What is your favorite color?', { color: { type: 'string' } });
const name = z.object({ name: z.string() });
const color = z.object({ color: z.string() });

/** Two questions, one after the other; the sealed state says which was asked. */
const inRounds = defineTool({
  ...facts('test_input_required_result_multi_round'),
  summary: 'Asks twice before it answers.',
  input: z.object(answered),
}).run(async ({ answers, state }, { states }): Promise<Said> => {
  const round = state === undefined ? 'begin' : states.open(state);
  const likes = round === 'second' ? acceptedContent(answers, 'step2', color) : undefined;
  if (likes) return { content: [text(`The color is ${likes.color}.`)] };
  const isNamed = round === 'first' && acceptedContent(answers, 'step1', name) !== undefined;
  return isNamed || round === 'second'
    ? { asks: { step2: second }, state: states.seal('second') }
    : { asks: { step1: first }, state: states.seal('first') };
});

const ways: Readonly<Record<string, Asks>> = {
  sampling: { opinion: sample('Which way is best?') },
  elicitation: { choice: form('Which way is best?', { way: { type: 'string' } }) },
};

/** Asks in the ways that the client declared, and in no other. */
const asTheClientCan = defineTool({
  ...facts('test_input_required_result_capabilities'),
  summary: 'Asks in the ways that the client has.',
  input: z.object({
    ...answered,
    capabilities: z.array(z.string()).default([]).describe('What the client declared.'),
  }),
}).run(async ({ answers, capabilities }): Promise<Said> => {
  const opinion = sampledText(answers, 'opinion');
  if (opinion !== undefined) return { content: [text(opinion)] };
  const asks = Object.entries(ways).filter(([way]) => capabilities.includes(way));
  return asks.length > 0
    ? { asks: Object.assign({}, ...asks.map(([, ask]) => ask)) }
    : { content: [text('There is no way to ask.')] };
});

export const roundTools = [inRounds, asTheClientCan];
