import type { Node } from 'yaml';
import type { Fault } from './problem.js';
import type { Place } from './rule-set.js';

const maxDepth = 16;

/** The plain value of a YAML text, and where each of its values and keys stands, by path: `rules/3/id`. */
export interface Parsed {
  readonly value: unknown;
  readonly values: ReadonlyMap<string, Place>;
  readonly keys: ReadonlyMap<string, Place>;
  readonly faults: readonly Fault[];
}

/** Parses bytes as one strict YAML 1.2 document of plain maps, lists and scalars. Faults instead of throws. */
export async function parseYaml(bytes: Uint8Array): Promise<Parsed> {
  const values = new Map<string, Place>();
  const keys = new Map<string, Place>();
  const faults: Fault[] = [];
  const failed = (message: string, place?: Place): Parsed => ({
    value: undefined,
    values,
    keys,
    faults: [...faults, { message, place }],
  });

  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return failed('is not UTF-8 text');
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    const lines = text.slice(0, nul).split('\n');
    return failed('has a NUL character', {
      line: lines.length,
      column: (lines.at(-1)?.length ?? 0) + 1,
    });
  }

  const { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const placeOf = (node: Node | null | undefined): Place => placeAt(node?.range?.[0] ?? 0);

  const walk = (node: unknown, path: string, depth: number, parent: Place): unknown => {
    if (node === null || node === undefined) {
      values.set(path, parent);
      return null;
    }
    const place =
      isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? placeOf(node) : parent;
    values.set(path, place);
    const fault = (message: string) => void faults.push({ message, place });
    if (depth > maxDepth) return fault(`is nested more than ${maxDepth} levels deep`);
    if (isAlias(node)) return fault('is an alias, and aliases are not allowed');
    if (isScalar(node)) {
      if (typeof node.value === 'bigint') return fault('is a number that is too large');
      return node.value;
    }
    if (isSeq(node))
      return node.items.map((item, i) => walk(item, join(path, i), depth + 1, place));
    if (!isMap(node)) return fault('is neither a map, a list nor a scalar');
    const pairs = node.items.map(({ key, value }): [string, unknown] => {
      if (!isScalar(key) || typeof key.value !== 'string') {
        faults.push({ message: 'has a key that is no text', place });
        return ['', undefined];
      }
      const at = placeOf(key);
      keys.set(join(path, key.value), at);
      return [key.value, walk(value, join(path, key.value), depth + 1, at)];
    });
    return Object.fromEntries(pairs);
  };

  try {
    const document = parseDocument(text, {
      strict: true,
      uniqueKeys: true,
      schema: 'core',
      version: '1.2',
      merge: false,
      prettyErrors: false,
      lineCounter: lines,
      // Anything quieter also silences the error about a second document.
      logLevel: 'error',
    });
    // An unknown tag only warns, and must not load.
    for (const { message, pos } of [...document.errors, ...document.warnings])
      faults.push({ message: message.split('\n')[0] ?? message, place: placeAt(pos[0]) });
    if (faults.length > 0) return { value: undefined, values, keys, faults };
    return { value: walk(document.contents, '', 0, { line: 1, column: 1 }), values, keys, faults };
  } catch (error) {
    const what = error instanceof RangeError ? 'is nested too deeply' : 'is not YAML';
    return failed(what, { line: 1, column: 1 });
  }
}

const join = (path: string, key: string | number) => (path === '' ? `${key}` : `${path}/${key}`);
