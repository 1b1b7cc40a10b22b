import { acceptedContent } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { asking } from './asking-tools.js';
import { type Asks, answered, form, sample, sampledText } from './asks.js';
import { defineTool, facts, type Said, text } from './said.js';

const person = z.object({ username: z.string(), email: z.string() });
const loose = z.record(z.string(), z.unknown());
const options = ['option1', 'option2', 'option3'];
const titled = ['First', 'Second', 'Third'].map((title, i) => ({
  const: `value${i + 1}`,
  title: `${title} Option`,
}));

const withDefaults = form('Please check these values.', {
  name: { type: 'string', default: 'John Doe' },
  age: { type: 'integer', default: 30 },
  score: { type: 'number', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
});

const withEnums = form('Please choose.', {
  untitledSingle: { type: 'string', enum: options },
  titledSingle: { type: 'string', oneOf: titled },
  legacyEnum: {
    type: 'string',
    enum: ['opt1', 'opt2', 'opt3'],
    enumNames: ['Option One', 'Option Two', 'Option Three'],
  },
  untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
  titledMulti: { type: 'array', items: { anyOf: titled } },
});

const echo = (toolName: string, asked: Asks[string]) =>
  asking(toolName, { values: asked }, ({ answers }) => {
    const filled = acceptedContent(answers, 'values', loose);
    return filled && `Elicitation completed: action=accept, content=${JSON.stringify(filled)}`;
  });

/** What the suite of 2025-11-25 asks of a client in the middle of a call. */
export const clientTools = [
  defineTool({
    ...facts('test_sampling'),
    summary: "Asks the client's model.",
    input: z.object({ ...answered, prompt: z.string().describe('The question.') }),
  }).run(async ({ answers, prompt }): Promise<Said> => {
    const words = sampledText(answers, 'reply');
    return words === undefined
      ? { asks: { reply: sample(prompt) } }
      : { content: [text(`LLM response: ${words}`)] };
  }),
  defineTool({
    ...facts('test_elicitation'),
    summary: 'Asks the person behind the client.',
    input: z.object({ ...answered, message: z.string().describe('The question.') }),
  }).run(async ({ answers, message }): Promise<Said> => {
    const filled = acceptedContent(answers, 'person', person);
    const fields = { username: { type: 'string' }, email: { type: 'string' } };
    return filled === undefined
      ? { asks: { person: form(message, fields) } }
      : { content: [text(`User response: action=accept, content=${JSON.stringify(filled)}`)] };
  }),
  echo('test_elicitation_sep1034_defaults', withDefaults),
  echo('test_elicitation_sep1330_enums', withEnums),
];
