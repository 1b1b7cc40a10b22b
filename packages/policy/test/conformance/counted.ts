import type { Event } from '../../src/audit/event.js';
import type { Governed } from '../../src/index.js';

/** How often a tool was called, and how many of these calls the log has. */
export interface Count {
  readonly tool: string;
  readonly calls: number;
  readonly recorded: number;
}

/** The same, with each call counted by its tool before it is made. */
export function counted(governed: Governed): Governed & { readonly calls: Map<string, number> } {
  const calls = new Map<string, number>();
  return {
    ...governed,
    calls,
    answer(name, input, how) {
      const tool = governed.tool(name)?.name ?? name;
      calls.set(tool, (calls.get(tool) ?? 0) + 1);
      return governed.answer(name, input, how);
    },
  };
}

/** What was called beside what was recorded: an operation counts once, whatever its rows. */
export function compare(
  calls: ReadonlyMap<string, number>,
  tools: readonly string[],
  log: readonly Event[],
): Count[] {
  const operations = new Map(log.map(({ op_id, tool }) => [op_id, tool]));
  return tools.map((tool) => ({
    tool,
    calls: calls.get(tool) ?? 0,
    recorded: [...operations.values()].filter((name) => name === tool).length,
  }));
}
