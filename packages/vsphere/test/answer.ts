import type { Outcome, Tool } from '@vmware/policy';
import type { Simulation, Vm } from '@vmware/simulators';
import type * as z from 'zod';
import type { VsphereClients } from '../src/define.js';
import type { Lab } from './lab.js';

/** The output of a call that was done. Anything else fails the test with what was said instead. */
export function outputOf<In extends z.ZodObject, Out extends z.ZodObject>(
  tool: Tool<VsphereClients, In, Out>,
  outcome: Outcome,
): z.output<Out> {
  if (outcome.status !== 'done') throw new Error(`${tool.name}: ${JSON.stringify(outcome)}`);
  return tool.output.strict().parse(outcome.output) as z.output<Out>;
}

/** Reads through the governed call. */
export const read = async <In extends z.ZodObject, Out extends z.ZodObject>(
  vc: Lab,
  tool: Tool<VsphereClients, In, Out>,
  input: z.input<In>,
): Promise<z.output<Out>> => outputOf(tool, await vc.call(tool, input));

/** Previews, agrees and resolves to what the change answered. */
export const change = async <In extends z.ZodObject, Out extends z.ZodObject>(
  vc: Lab,
  tool: Tool<VsphereClients, In, Out>,
  input: z.input<In>,
): Promise<z.output<Out>> => outputOf(tool, await vc.change(tool, input));

/** Every row of a list, page by page, and how many pages there were. */
export async function allPages<Item>(
  next: (cursor: string | undefined) => Promise<{ items: Item[]; next_cursor: string | null }>,
): Promise<{ rows: Item[]; pages: number }> {
  const rows: Item[] = [];
  let cursor: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const page = await next(cursor);
    rows.push(...page.items);
    if (page.next_cursor === null) return { rows, pages };
    cursor = page.next_cursor;
  }
}

/** A machine of the simulation, by name or moid. */
export function vmOf({ inventory }: Simulation, word: string): Vm {
  const vm = inventory.find('vm', word);
  if (!vm) throw new Error(`the seed has no ${word}`);
  return vm;
}

/** What somebody else does between a request of ours and the work of its task. */
export function whenTaskStarts({ inventory }: Simulation, act: () => void): void {
  const stop = inventory.onChange(({ id }) => {
    if (id !== 'TaskManager') return;
    stop();
    act();
  });
}

/** Methods the simulation received while `work` ran. */
export async function requestsOf(
  { requests }: Simulation,
  work: () => Promise<unknown>,
): Promise<string[]> {
  const before = requests.length;
  await work();
  return requests.slice(before).map(({ method }) => method);
}

/** What must not come out of an inventory: control, reordering and invisible characters, but for line ends. */
export const hidden = /(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;
