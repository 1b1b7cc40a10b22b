import type { Outcome, Tool } from '@vmware/policy';
import type { NsxSimulation } from '@vmware/simulators';
import type * as z from 'zod';
import type { NsxClients } from '../src/define.js';
import type { Lab } from './lab.js';

/** The output of a call that was done. Anything else fails the test with what was said instead. */
export function outputOf<In extends z.ZodObject, Out extends z.ZodObject>(
  tool: Tool<NsxClients, In, Out>,
  outcome: Outcome,
): z.output<Out> {
  if (outcome.status !== 'done') throw new Error(`${tool.name}: ${JSON.stringify(outcome)}`);
  return tool.output.strict().parse(outcome.output) as z.output<Out>;
}

/** Reads through the governed call. */
export const read = async <In extends z.ZodObject, Out extends z.ZodObject>(
  nsx: Pick<Lab, 'call'>,
  tool: Tool<NsxClients, In, Out>,
  input: z.input<In>,
): Promise<z.output<Out>> => outputOf(tool, await nsx.call(tool, input));

/** Previews, agrees and resolves to what the change answered. */
export const change = async <In extends z.ZodObject, Out extends z.ZodObject>(
  nsx: Pick<Lab, 'change'>,
  tool: Tool<NsxClients, In, Out>,
  input: z.input<In>,
): Promise<z.output<Out>> => outputOf(tool, await nsx.change(tool, input));

/** Routes the simulation was asked for while `work` ran. */
export async function requestsOf(
  { requests }: Pick<NsxSimulation, 'requests'>,
  work: () => Promise<unknown>,
): Promise<string[]> {
  const before = requests.length;
  await work();
  return requests.slice(before).map(({ method }) => method);
}

/** What must not come out of a manager: control, reordering and invisible characters, but for line ends. */
export const hidden = /(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;
