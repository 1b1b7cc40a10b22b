import type { Outcome } from '../../call.js';
import type { Governed } from '../../open.js';
import type { How } from '../../request.js';
import type { Surface, SurfaceTool } from '../surface.js';
import type { CallOptions } from './call-options.js';
import { change } from './change.js';
import { wordsOf } from './command-words.js';
import { meter } from './meter.js';
import { show } from './show.js';
import type { Terminal } from './terminal.js';
import { untilStopped } from './until-stopped.js';

/** Calls a tool as its command line says, writes what comes of it and resolves to the exit code. */
export async function runTool(
  governed: Governed,
  surface: Surface,
  tool: SurfaceTool,
  input: Readonly<Record<string, unknown>>,
  options: CallOptions,
  terminal: Terminal,
): Promise<number> {
  return untilStopped(async (signal) => {
    const answer = (how: Pick<How, 'dryRun' | 'confirmed' | 'consent' | 'canAsk'>) =>
      call(governed, tool, input, options, terminal, { signal, ...how });
    const { follows } = tool;
    if (tool.effect !== 'read')
      return show(await change(tool, answer, options, terminal), tool, options, terminal);
    const look = () => answer({ canAsk: false });
    if (options.follow && follows) {
      const { follow } = await import('./follow.js');
      return follow(tool, options, terminal, {
        look: (after) =>
          call(
            governed,
            tool,
            after === undefined ? input : { ...input, [follows.input]: after },
            options,
            terminal,
            { signal },
          ),
        next: follows.field,
        signal,
      });
    }
    if (!options.watch) return show(await look(), tool, options, terminal);
    const { watch } = await import('./watch.js');
    const title = [`vmware-${surface.name}`, ...wordsOf(tool)].join(' ');
    return watch(look, tool, options, terminal, { title, signal });
  });
}

async function call(
  governed: Governed,
  tool: SurfaceTool,
  input: Readonly<Record<string, unknown>>,
  { target, timeout, quiet, ticket, watch }: CallOptions,
  terminal: Terminal,
  how: Omit<How, 'surface' | 'target' | 'timeout' | 'progress'>,
): Promise<Outcome> {
  const progress = meter(quiet ? {} : terminal);
  // A plan is found out by looking, which is quick; what takes its time is the change.
  if (how.dryRun === false) progress.begin();
  try {
    const outcome = governed.answer(tool.listing.name, input, {
      surface: 'cli',
      target,
      timeout,
      ticket,
      watched: watch,
      progress: progress.step,
      ...how,
    });
    if (!outcome) throw new TypeError(`surface.json lists ${tool.listing.name}, which no card has`);
    return await outcome;
  } finally {
    progress.end();
  }
}
