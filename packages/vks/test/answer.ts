import type { Outcome, Plan, Tool } from '@vmware/policy';
import type * as z from 'zod';
import type { VksClients } from '../src/define.js';
import type { Lab } from './lab.js';

/** The output of a call that was done. Anything else fails the test with what was said instead. */
export function outputOf<In extends z.ZodObject, Out extends z.ZodObject>(
  tool: Tool<VksClients, In, Out>,
  outcome: Outcome,
): z.output<Out> {
  if (outcome.status !== 'done') throw new Error(`${tool.name}: ${JSON.stringify(outcome)}`);
  return tool.output.strict().parse(outcome.output) as z.output<Out>;
}

/** Reads through the governed call. */
export const read = async <In extends z.ZodObject, Out extends z.ZodObject>(
  vks: Pick<Lab, 'call'>,
  tool: Tool<VksClients, In, Out>,
  input: z.input<In>,
): Promise<z.output<Out>> => outputOf(tool, await vks.call(tool, input));

/** Previews, agrees and resolves to what the change answered. */
export const change = async <In extends z.ZodObject, Out extends z.ZodObject>(
  vks: Pick<Lab, 'change'>,
  tool: Tool<VksClients, In, Out>,
  input: z.input<In>,
): Promise<z.output<Out>> => outputOf(tool, await vks.change(tool, input));

/** The plan that a preview shows. */
export async function planOf<In extends z.ZodObject, Out extends z.ZodObject>(
  vks: Pick<Lab, 'call'>,
  tool: Tool<VksClients, In, Out>,
  input: z.input<In>,
): Promise<Plan> {
  const outcome = await vks.call(tool, input);
  if (outcome.status !== 'preview') throw new Error(`${tool.name}: ${JSON.stringify(outcome)}`);
  return outcome.plan;
}

/** What a refusal, a failure or a lost answer says. */
export async function problemOf<In extends z.ZodObject, Out extends z.ZodObject>(
  vks: Pick<Lab, 'call'>,
  tool: Tool<VksClients, In, Out>,
  input: z.input<In>,
  how: Parameters<Lab['call']>[2] = {},
): Promise<{ status: string; code: string; message: string; remedy: string }> {
  const outcome = await vks.call(tool, input, how);
  if (!('code' in outcome)) throw new Error(`${tool.name}: ${JSON.stringify(outcome)}`);
  const { status, code, message, remedy } = outcome;
  return { status, code, message, remedy };
}
