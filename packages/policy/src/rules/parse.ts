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
    return failed('is not UTF-8 text', endOf(beforeTheFault(bytes)));
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) return failed('has a NUL character', endOf(text.slice(0, nul)));

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
    const seen = new Set<string>();
    const pairs = node.items.map(({ key, value }): [string, unknown] => {
      if (!isScalar(key) || typeof key.value !== 'string') {
        faults.push({ message: 'has a key that is no text', place });
        return ['', undefined];
      }
      const at = placeOf(key);
      if (seen.has(key.value))
        faults.push({ message: `has the key ${key.value} twice`, place: at });
      seen.add(key.value);
      keys.set(join(path, key.value), at);
      return [key.value, walk(value, join(path, key.value), depth + 1, at)];
    });
    return Object.fromEntries(pairs);
  };

  try {
    const document = parseDocument(text, {
      strict: true,
      // The parser compares every key with every other: seconds for a file of nothing but keys.
      uniqueKeys: false,
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
      faults.push({ message: inOurWords(message), place: placeAt(pos[0]) });
    if (faults.length > 0) return { value: undefined, values, keys, faults };
    return { value: walk(document.contents, '', 0, { line: 1, column: 1 }), values, keys, faults };
  } catch (error) {
    const what = error instanceof RangeError ? tooDeep : 'is not YAML';
    return failed(what, { line: 1, column: 1 });
  }
}

const tooDeep = 'is nested too deeply';

/** The parser reports its own overflow as a fault of the text. */
const inOurWords = (message: string): string =>
  message.startsWith('Maximum call stack') ? tooDeep : (message.split('\n')[0] ?? message);

/** Where the next character would stand. */
function endOf(text: string): Place {
  const lines = text.split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** Decoding what is not UTF-8 loses it, so that encoding again differs from there on. */
function beforeTheFault(bytes: Uint8Array): string {
  const lossy = Buffer.from(new TextDecoder().decode(bytes));
  const bom = Buffer.from(bytes).subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0;
  const same = lossy.findIndex((byte, at) => byte !== bytes[at + bom]);
  return lossy.subarray(0, same < 0 ? lossy.length : same).toString();
}

const join = (path: string, key: string | number) => (path === '' ? `${key}` : `${path}/${key}`);
