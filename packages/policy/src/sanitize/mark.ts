import { randomBytes } from 'node:crypto';
import { clean, longLimit, shortLimit } from './clean.js';

/** The word that opens and closes a fence. Data that contains it in any disguise loses its dash. */
export const fenceWord = 'untrusted-output';

const keyLimit = 200;
const maxDepth = 64;

/**
 * Fences text that came from outside, for a model to tell data from instructions. The nonce has 128 bits and
 * is new for every answer, so nothing written before can close the fence.
 */
export function fence(text: string): string {
  const nonce = randomBytes(16).toString('hex');
  return `<${fenceWord} ${nonce}>\n${defuse(text)}\n</${fenceWord} ${nonce}>`;
}

// Beyond this ASCII form a disguise needs letters that fold to it.
const undisguised = /untrusted\s*-\s*output/gi;
const ascii = /^[\x20-\x7e\s]*$/;
const ignored = /[\s\p{M}\p{C}\p{Default_Ignorable_Code_Point}]/u;
const dash = /[\p{Pd}\u2212]/u;

/** Breaks every imitation of the fence: any case, full-width, with marks, blanks or invisible characters inside. */
export function defuse(text: string): string {
  if (ascii.test(text)) return text.replace(undisguised, 'untrusted output');
  let folded = '';
  const origins: number[] = [];
  const points = [...text];
  for (const [index, point] of points.entries())
    for (const part of point.normalize('NFKD').toLowerCase()) {
      if (ignored.test(part)) continue;
      const letter = dash.test(part) ? '-' : part;
      folded += letter;
      for (let unit = 0; unit < letter.length; unit++) origins.push(index);
    }
  let result = '';
  let done = 0;
  for (let at = folded.indexOf(fenceWord); at >= 0; at = folded.indexOf(fenceWord, at + 1)) {
    const first = origins[at] ?? 0;
    const last = origins[at + fenceWord.length - 1] ?? first;
    if (first < done) continue;
    result += `${points.slice(done, first).join('')}untrusted output`;
    done = last + 1;
  }
  return result + points.slice(done).join('');
}

/**
 * Cleans every text and every key of a JSON value. Fields named in `longKeys` may have 1,000 code points and
 * lines, all others 500. Keys that become equal by cleaning are told apart by `#2`, `#3`.
 */
export function cleanDeep(value: unknown, longKeys: ReadonlySet<string> = new Set()): unknown {
  return walk(value, shortLimit, longKeys, 0);
}

function walk(
  value: unknown,
  limit: number,
  longKeys: ReadonlySet<string>,
  depth: number,
): unknown {
  if (typeof value === 'string') return defuse(clean(value, limit));
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return undefined;
  if (depth >= maxDepth) return '…[too deep]';
  if (Array.isArray(value))
    return value.map((item) => walk(item, limit, longKeys, depth + 1) ?? null);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  const taken = new Set<string>();
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
      const cleaned = walk(item, longKeys.has(key) ? longLimit : shortLimit, longKeys, depth + 1);
      if (cleaned === undefined) return [];
      const wanted = defuse(clean(key, keyLimit));
      let name = wanted;
      for (let n = 2; taken.has(name); n++) name = `${wanted}#${n}`;
      taken.add(name);
      return [[name, cleaned]];
    }),
  );
}
