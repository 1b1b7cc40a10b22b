import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from '../../mcp/serve.js';
import type { Candidate } from './candidate.js';
import type { NameSource } from './name-source.js';

/** Milliseconds that names may take, and that logging out may take after them. */
const patience = 2_000;
const farewell = 1_000;

/**
 * The names that objects of the target have now, by a governed read like any other, recorded with the agent
 * `completion`. Whatever goes wrong or takes too long, there are none; nobody is ever asked.
 */
export async function liveNames(
  load: Load,
  { tool, input, column, about }: NameSource,
  target: string | undefined,
): Promise<Candidate[]> {
  const late = AbortSignal.timeout(patience);
  const governed = await load({ agent: () => 'completion' });
  try {
    const asked = {
      surface: 'cli',
      canAsk: false,
      signal: late,
      target,
    } as const;
    const outcome = await Promise.race([
      governed.answer(tool.listing.name, input, asked),
      // A log that somebody holds is waited for without looking at the signal.
      sleep(patience, undefined, { ref: false }),
    ]);
    const items = outcome?.status === 'done' ? outcome.output['items'] : [];
    return (Array.isArray(items) ? items : []).flatMap((row: Readonly<Record<string, unknown>>) => {
      const word = row[column];
      const help = about === undefined ? undefined : row[about];
      return typeof word === 'string' ? [{ word, help: typeof help === 'string' ? help : '' }] : [];
    });
  } finally {
    await Promise.race([governed.close(), sleep(farewell, undefined, { ref: false })]);
  }
}
