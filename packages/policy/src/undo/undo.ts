import type { Outcome } from '../call.js';
import { refuse } from '../call.js';
import type { Governed } from '../open.js';
import type { How } from '../request.js';
import { differences } from './differences.js';
import type { Undoable } from './undoable.js';

/**
 * Takes a change back by a change of its own: a read must find the object as the change left it, and then the
 * inverse goes through the governed call like any other, with its plan, its consent and its rows.
 */
export async function undo(
  governed: Pick<Governed, 'answer'>,
  { operation, target, summary, inverse, attempts }: Undoable,
  how: Omit<How, 'target' | 'undoes' | 'once'>,
): Promise<Outcome> {
  const { expects } = inverse;
  const { surface, signal } = how;
  const looked = await governed.answer(expects.tool, expects.input, {
    surface,
    target,
    ...(signal === undefined ? {} : { signal }),
  });
  if (!looked) return gone(expects.tool);
  if (looked.status !== 'done') return looked;
  const changed = differences(expects.state, looked.output);
  if (changed.length > 0)
    return refuse('undo', {
      code: 'CONFLICT',
      message: `${summary} is not undone: the object has changed since. ${changed
        .map(({ path, expected, found }) => `${path}: ${said(expected)} then, ${said(found)} now.`)
        .join(' ')}`,
      remedy: `Run \`vmware-audit show ${operation}\` for what was done, and change the object by hand.`,
      details: { changed },
    });
  const outcome = await governed.answer(inverse.tool, inverse.input, {
    ...how,
    target,
    undoes: operation,
    once: `undo:${operation}:${attempts}`,
  });
  return outcome ?? gone(inverse.tool);
}

const said = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

const gone = (tool: string): Outcome =>
  refuse('undo', {
    code: 'NOT_UNDOABLE',
    message: `The installed version has no tool called ${tool}.`,
    remedy: 'Install the version that made the change, or change the object by hand.',
  });
