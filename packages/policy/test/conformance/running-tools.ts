import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Progress } from '../../src/index.js';
import { defineTool, facts, text } from './said.js';

/** Tells its steps one after the other, as the suite asks: about 50 ms apart. */
const telling = (name: string, summary: string, steps: readonly Progress[]) =>
  defineTool({ ...facts(name), summary, input: z.object({}) }).run(
    async (_input, _fixture, { progress, signal }) => {
      for (const step of steps) {
        progress(step);
        await sleep(50, undefined, { signal });
      }
      return { content: [text(`${steps.length} steps were told.`)] };
    },
  );

const steps = ['Tool execution started', 'Tool processing data', 'Tool execution completed'];
const logged = steps.map((message, i) => ({ done: i + 1, total: steps.length, message }));

/** A change without a target: the intent and the outcome are recorded, and listeners are told. */
const announcing = (name: string, what: 'tools' | 'prompts') =>
  defineTool({
    ...facts(name),
    effect: 'write',
    level: 'power_ops',
    summary: `Says that the list of ${what} has changed.`,
    input: z.object({}),
  })
    .plan(async () => ({
      summary: `Announce a changed list of ${what}`,
      changes: [`whoever listens reads the list of ${what} again`],
      requests: [`notifications/${what}/list_changed`],
      blast_radius: {
        total: 1,
        objects: [{ type: 'list', id: what, name: what }],
        reversible: false,
      },
      blockers: [],
      unmeasured: [],
    }))
    .run(async (_input, fixture) => {
      fixture.changed(what);
      return { content: [text(`The list of ${what} has changed.`)] };
    });

/** Tools that tell something besides their answer, while they run. */
export const runningTools = [
  telling(
    'test_tool_with_progress',
    'Tells its progress.',
    [0, 50, 100].map((done) => ({ done, total: 100 })),
  ),
  telling('test_tool_with_logging', 'Logs its steps.', logged),
  telling('test_logging_tool', 'Logs its steps to those who want them.', logged),
  announcing('test_trigger_tool_change', 'tools'),
  announcing('test_trigger_prompt_change', 'prompts'),
];
