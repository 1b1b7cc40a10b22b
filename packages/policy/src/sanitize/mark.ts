import { randomBytes } from 'node:crypto';
import { clean, plain, shortLimit } from './clean.js';

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
const suspect = /untrusted/i;
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

const none: ReadonlyMap<string, number> = new Map();

/**
 * Cleans every text and every key of a JSON value. Fields named in `longKeys` may have as many code points as it
 * says, all others 500; from 1,000 on they may have lines. Keys that become equal by cleaning are told apart by `#2`, `#3`. A part that needs no
 * cleaning is returned as it is, not copied.
 */
export function cleanDeep(value: unknown, longKeys = none): unknown {
  return walk(value, shortLimit, longKeys, 0);
}

function walk(
  value: unknown,
  limit: number,
  longKeys: ReadonlyMap<string, number>,
  depth: number,
): unknown {
  if (typeof value === 'string')
    return isHarmless(value, limit) ? value : defuse(clean(value, limit));
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return undefined;
  if (depth >= maxDepth) return '…[too deep]';
  if (Array.isArray(value)) return list(value, limit, longKeys, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  return record(value as Readonly<Record<string, unknown>>, longKeys, depth);
}

function list(
  items: readonly unknown[],
  limit: number,
  longKeys: ReadonlyMap<string, number>,
  depth: number,
): readonly unknown[] {
  let copy: unknown[] | undefined = isPlain(items, Array.prototype) ? undefined : [];
  for (let i = 0; i < items.length; i++) {
    const cleaned = walk(items[i], limit, longKeys, depth + 1) ?? null;
    if (copy) copy.push(cleaned);
    else if (cleaned !== items[i]) copy = [...items.slice(0, i), cleaned];
  }
  return copy ?? items;
}

function record(
  value: Readonly<Record<string, unknown>>,
  longKeys: ReadonlyMap<string, number>,
  depth: number,
): unknown {
  let copy: Map<string, unknown> | undefined = isPlain(value, Object.prototype)
    ? undefined
    : new Map();
  const keys = Object.keys(value);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? '';
    const item = value[key];
    const limit = longKeys.get(key) ?? shortLimit;
    const cleaned = walk(item, limit, longKeys, depth + 1);
    const wanted = cleanKey(key);
    if (!copy && cleaned === item && cleaned !== undefined && wanted === key) continue;
    copy ??= new Map(keys.slice(0, i).map((before) => [before, value[before]]));
    if (cleaned !== undefined) copy.set(freeName(wanted, copy), cleaned);
  }
  return copy ? Object.fromEntries(copy) : value;
}

/** Whether nothing but its own fields decides how it is written: no `toJSON`, no accessor of a class. */
const isPlain = (value: object, prototype: object): boolean =>
  Object.getPrototypeOf(value) === prototype;

function freeName(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}#${n}`;
  return name;
}

/** Most texts: short, of printable ASCII, and without the word that a fence could be imitated with. */
const isHarmless = (text: string, limit: number): boolean =>
  text.length <= limit && plain.test(text) && !suspect.test(text);

// Objects of a list all have the same few keys.
const cleanKeys = new Set<string>();
const keysKept = 1_000;

function cleanKey(key: string): string {
  if (cleanKeys.has(key)) return key;
  const cleaned = isHarmless(key, keyLimit) ? key : defuse(clean(key, keyLimit));
  if (cleaned === key && key.length <= 64 && cleanKeys.size < keysKept) cleanKeys.add(key);
  return cleaned;
}
