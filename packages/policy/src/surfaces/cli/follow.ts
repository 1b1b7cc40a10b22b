import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../../call.js';
import type { SurfaceTool } from '../surface.js';
import type { CallOptions } from './call-options.js';
import { exitCodes } from './exit-codes.js';
import { show } from './show.js';
import type { Terminal } from './terminal.js';

export interface Following {
  /** Calls the tool, going on after what an answer named last. */
  readonly look: (after: unknown) => Promise<Outcome>;
  /** The field of an answer that says where to go on. */
  readonly next: string;
  readonly signal: AbortSignal;
  readonly pause?: (signal: AbortSignal) => Promise<unknown>;
}

const nap = (signal: AbortSignal) => sleep(1_000, undefined, { signal }).catch(() => {});

/** Prints what there is and then what is new, until Ctrl-C. Resolves to 130, or to the exit code of an error. */
export async function follow(
  tool: SurfaceTool,
  options: CallOptions,
  terminal: Terminal,
  { look, next, signal, pause = nap }: Following,
): Promise<number> {
  let after: unknown;
  let headers = options.headers;
  for (;;) {
    const outcome = await look(after);
    if (signal.aborted) return exitCodes.interrupted;
    if (outcome.status !== 'done') return show(outcome, tool, options, terminal);
    const { items } = outcome.output;
    if (!Array.isArray(items) || items.length > 0) {
      await show(outcome, tool, { ...options, headers }, terminal);
      headers = false;
    }
    after = outcome.output[next];
    await pause(signal);
    if (signal.aborted) return exitCodes.interrupted;
  }
}
