import { acceptedContent } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { type Asks, answered, form, listedRoots, roots, sample, sampledText } from './asks.js';
import { defineTool, type Fixture, facts, type Said, text } from './said.js';

const own = z.object(answered);
type Answered = z.output<typeof own>;

/** Asks until `answer` finds in the answers what it needs. */
export const asking = (
  name: string,
  asks: Asks,
  answer: (given: Answered, fixture: Fixture) => string | undefined,
) =>
  defineTool({ ...facts(name), summary: 'Asks the client before it answers.', input: own }).run(
    async (given, fixture): Promise<Said> => {
      const words = answer(given, fixture);
      return words === undefined ? { asks } : { content: [text(words)] };
    },
  );

/** The same with a state that has to come back as it was given. */
const askingWithState = (
  name: string,
  asks: Asks,
  answer: (given: Answered) => string | undefined,
) =>
  defineTool({ ...facts(name), summary: 'Asks, and keeps a state.', input: own }).run(
    async (given, { states }): Promise<Said> => {
      const isOurs = given.state !== undefined && states.open(given.state) === name;
      const words = isOurs ? answer(given) : undefined;
      return words === undefined
        ? { asks, state: states.seal(name) }
        : { content: [text(`state-ok: ${words}`)] };
    },
  );

const name = z.object({ name: z.string() });
const ok = z.object({ ok: z.boolean() });
const nameForm = form('What is your name?', { name: { type: 'string' } });
const confirmForm = form('Please confirm', { ok: { type: 'boolean' } });
const confirmed = ({ answers }: Answered) =>
  acceptedContent(answers, 'confirm', ok) && 'the client confirmed.';

/** Tools that ask one thing, or several at once. */
export const askingTools = [
  asking('test_input_required_result_elicitation', { user_name: nameForm }, ({ answers }) => {
    const filled = acceptedContent(answers, 'user_name', name);
    return filled && `Hello, ${filled.name}!`;
  }),
  asking(
    'test_input_required_result_sampling',
    { capital_question: sample('What is the capital of France?') },
    ({ answers }) => sampledText(answers, 'capital_question'),
  ),
  asking('test_input_required_result_list_roots', { client_roots: roots }, ({ answers }) =>
    listedRoots(answers, 'client_roots')?.join(', '),
  ),
  askingWithState('test_input_required_result_request_state', { confirm: confirmForm }, confirmed),
  askingWithState('test_input_required_result_tampered_state', { confirm: confirmForm }, confirmed),
  askingWithState(
    'test_input_required_result_multiple_inputs',
    { user_name: nameForm, greeting: sample('Generate a greeting', 50), client_roots: roots },
    ({ answers }) => {
      const filled = acceptedContent(answers, 'user_name', name);
      const greeting = sampledText(answers, 'greeting');
      const found = listedRoots(answers, 'client_roots');
      return filled && found && greeting && `${greeting} ${filled.name}, of ${found.join(', ')}`;
    },
  ),
  asking('test_missing_capability', { question: sample('Can you answer?') }, ({ answers }) =>
    sampledText(answers, 'question'),
  ),
  asking('test_streaming_elicitation', { confirm: confirmForm }, confirmed),
];
