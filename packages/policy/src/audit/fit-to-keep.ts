import { cleanDeep } from '../sanitize/mark.js';
import { redactDeep } from '../sanitize/redact.js';
import type { Inverse } from '../tool.js';
import { canonical, type Draft } from './event.js';

/** An inverse is kept whole, as JSON text, so that cleaning cannot change what would be sent. */
const undoLimit = 32_768;
const keptWhole: ReadonlyMap<string, number> = new Map([['undo', undoLimit]]);

/** A body without secrets and hidden characters. */
export const fitToKeep = (body: Draft['body']) => cleanDeep(redactDeep(body), keptWhole);

/** The inverse as text; undefined for one that cannot be written down as it is: it has a secret, or hidden characters. */
export function undoOf(inverse: Inverse): string | undefined {
  const text = canonical(inverse);
  const { undo } = fitToKeep({ undo: text }) as { undo: string };
  return undo === text ? text : undefined;
}
