import type * as z from 'zod';
import type { Outcome } from '../call.js';
import type { Inverse, Tool } from '../tool.js';
import { undo } from '../undo/undo.js';
import { undoable } from '../undo/undoable.js';
import type { Harness } from './harness.js';

/** What a change and its undoing came to. */
export interface TakenBack {
  readonly inverse: Inverse;
  readonly undone: Outcome;
}

/**
 * Makes a change and undoes it as `vmware-audit undo` does. Undefined for a plan that says it cannot be undone;
 * a change that says it can and has no inverse in the log throws.
 */
export async function takeBack<Clients, In extends z.ZodObject, Out extends z.ZodObject>(
  at: Pick<Harness<Clients>, 'home' | 'governed' | 'call' | 'agree' | 'audit'>,
  tool: Tool<Clients, In, Out>,
  input: z.input<In>,
  between: () => void | Promise<void> = () => {},
): Promise<TakenBack | undefined> {
  const preview = await at.call(tool, input);
  if (preview.status !== 'preview') throw new Error(`${tool.name}: ${JSON.stringify(preview)}`);
  if (!preview.plan.blast_radius.reversible) return undefined;
  const changed = await at.agree(tool, input, preview);
  if (changed.status !== 'done') throw new Error(`${tool.name}: ${JSON.stringify(changed)}`);
  await between();
  const last = at.audit().findLast(({ phase }) => phase === 'outcome');
  const found = undoable(at.home, last?.op_id ?? '');
  const shown = await undo(at.governed, found, { surface: 'cli', dryRun: true });
  const undone =
    shown.status === 'preview' && shown.consent !== undefined
      ? await undo(at.governed, found, {
          surface: 'cli',
          dryRun: false,
          confirmed: true,
          consent: { seal: shown.consent, by: 'caller' },
        })
      : shown;
  return { inverse: found.inverse, undone };
}
