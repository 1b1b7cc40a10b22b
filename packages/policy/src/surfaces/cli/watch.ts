import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../../call.js';
import type { SurfaceTool } from '../surface.js';
import type { CallOptions } from './call-options.js';
import { exitCodes } from './exit-codes.js';
import { show } from './show.js';
import type { Terminal } from './terminal.js';

export interface Watching {
  readonly title: string;
  /** Ends the watch: Ctrl-C. */
  readonly signal: AbortSignal;
  /** Waits so many milliseconds, or until the signal. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly now?: () => Date;
}

/** Milliseconds between two tries while nothing but errors comes. */
const longestPause = 30_000;

/** What will not be otherwise at the next look. */
const hopeless: ReadonlySet<number> = new Set([exitCodes.usage, exitCodes.auth, exitCodes.denied]);

const nap = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => {});

/**
 * Looks again and again, each time by a call of its own. A terminal is redrawn; elsewhere answers follow one
 * another, a blank line between. Resolves to 130 when it is interrupted, or to the exit code of an error that
 * stays.
 */
export async function watch(
  look: () => Promise<Outcome>,
  tool: SurfaceTool,
  options: CallOptions,
  terminal: Terminal,
  { title, signal, pause = nap, now = () => new Date() }: Watching,
): Promise<number> {
  const page = pages(
    terminal,
    options,
    () => `Every ${options.interval} s: ${title}   ${clock(now())}`,
  );
  for (let misses = 0; ; ) {
    const outcome = await look();
    if (signal.aborted) return exitCodes.interrupted;
    const code = await show(outcome, tool, options, page);
    const isDone = outcome.status === 'done';
    if (!isDone && hopeless.has(code)) return code;
    misses = isDone ? 0 : misses + 1;
    await pause(
      Math.min(
        options.interval * 1000 * 2 ** misses,
        Math.max(longestPause, options.interval * 1000),
      ),
      signal,
    );
    if (signal.aborted) return exitCodes.interrupted;
  }
}

/** Where each look is written: over the one before it, or below. */
function pages(
  { data, talk, clears = false }: Terminal,
  { output }: CallOptions,
  header: () => string,
): Pick<Terminal, 'data' | 'talk'> {
  const fresh = () => `\u001b[H\u001b[2J\u001b[3J${header()}\n\n`;
  if (clears)
    return {
      data: (text) => data(fresh() + text),
      talk(text) {
        data(fresh());
        talk(text);
      },
    };
  let between = '';
  return {
    data(text) {
      data(between + text);
      between = output === 'jsonl' ? '' : '\n';
    },
    talk,
  };
}

const clock = (time: Date): string => time.toTimeString().slice(0, 8);
