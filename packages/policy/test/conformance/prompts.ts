import { acceptedContent } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { answered, form } from './asks.js';
import { type Block, defineTool, facts, type Said, text } from './said.js';
import { redPixel } from './samples.js';

const plain = (name: string, content: readonly Block[]) =>
  defineTool({ ...facts(name), summary: 'A prompt.', input: z.object({}) }).run(async () => ({
    content: [...content],
  }));

const argument = (what: string) => z.string().describe(what);

/** Prompts are cards too: each content is a message of the user. */
export const prompts = [
  plain('test_simple_prompt', [text('This is a simple prompt for testing.')]),
  plain('test_prompt_with_image', [
    { type: 'image', data: redPixel, mimeType: 'image/png' },
    text('Please analyze the image above.'),
  ]),
  defineTool({
    ...facts('test_prompt_with_arguments'),
    summary: 'A prompt with two arguments.',
    input: z.object({ arg1: argument('The first.'), arg2: argument('The second.') }),
  }).run(async ({ arg1, arg2 }) => ({
    content: [text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  })),
  defineTool({
    ...facts('test_prompt_with_embedded_resource'),
    summary: 'A prompt about a resource.',
    input: z.object({ resourceUri: argument('The resource.') }),
  }).run(async ({ resourceUri }) => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: resourceUri,
          mimeType: 'text/plain',
          text: 'Embedded resource content for testing.',
        },
      },
      text('Please process the embedded resource above.'),
    ],
  })),
  defineTool({
    ...facts('test_input_required_result_prompt'),
    summary: 'A prompt that asks for its context.',
    input: z.object(answered),
  }).run(async ({ answers }): Promise<Said> => {
    const filled = acceptedContent(answers, 'user_context', z.object({ context: z.string() }));
    const asked = form('What context should the prompt use?', { context: { type: 'string' } });
    return filled === undefined
      ? { asks: { user_context: asked } }
      : { content: [text(`Use this context: ${filled.context}`)] };
  }),
];

/** Completes the arguments of prompts: each content is a value. */
export const completion = defineTool({
  ...facts('complete_argument'),
  summary: 'Completes an argument of a prompt.',
  input: z.object({
    of: argument('The prompt or template.'),
    argument: argument('Its argument.'),
    value: argument('What is there already.'),
  }),
}).run(async ({ value }) => ({
  content: ['testimony', 'testing'].filter((word) => word.startsWith(value)).map(text),
}));
