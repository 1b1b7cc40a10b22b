import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Anchor } from './anchor.js';
import { sync } from './archive-file.js';

/**
 * Appends the lines that a file kept elsewhere does not have yet, in their order, and resolves to how many. A line
 * is told by its signature.
 */
export function keepAnchors(lines: readonly Anchor[], file: string): number {
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const more = lines.filter(({ sig }) => !kept.includes(`"${sig}"`));
  const fresh = kept === '' || kept.endsWith('\n') ? '' : '\n';
  const text = more.map((line) => `${JSON.stringify(line)}\n`).join('');
  if (text !== '') appendFileSync(file, `${fresh}${text}`, { mode: 0o600 });
  if (existsSync(file)) sync(file);
  return more.length;
}
