import type { Call, Outcome } from '../call.js';
import type { Stage } from '../pipeline.js';
import { bodyOf } from '../tool.js';
import { isChange } from '../toolset.js';
import { lost } from './deadline.js';

/** Runs the tool. The output schema is an allow-list: what it does not name does not leave. */
export const execute = (): Stage => async (call) => {
  const { tool, input, signal, progress, plan, approved = [] } = call;
  try {
    const clients = await call.connect();
    const output = await bodyOf(tool).run(input, clients, { signal, progress, plan, approved });
    return { status: 'done', output: tool.output.parse(output) };
  } catch (error) {
    const outcome = isChange(tool) ? doubtAbout(call, error) : undefined;
    if (outcome) return outcome;
    throw error;
  }
};

/** A change failed only when its target said so. An error nobody wrote to be read leaves it open. */
function doubtAbout(call: Call, error: unknown): Outcome | undefined {
  const { remedy, effect, message, details } = error as {
    remedy?: unknown;
    effect?: unknown;
    message?: string;
    details?: Readonly<Record<string, unknown>>;
  };
  if (effect === 'unknown') return lost(call, message ?? '', details);
  return typeof remedy === 'string'
    ? undefined
    : lost(call, `${(error as Error)?.name ?? 'Error'} in the tool.`);
}
