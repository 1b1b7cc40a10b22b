import type { CST, Node } from 'yaml';
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

  const { Composer, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, Parser } = await import(
    'yaml'
  );
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
    if (depth > maxDepth) return fault(tooDeep);
    if (isAlias(node)) return fault('is an alias, and aliases are not allowed');
    if (isScalar(node)) return node.value;
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
    const parser = new Parser(lines.addNewLine);
    const tokens: CST.Token[] = [];
    lines.addNewLine(0);
    for (const lexeme of new Lexer().lex(text)) {
      tokens.push(...parser.next(lexeme));
      // A document, and what is about to be read. What follows would call itself for each level and run out of
      // stack, which may end the program there and then; and each level costs more than the one above.
      const top = parser.stack.at(-1);
      if (top && parser.stack.length > maxDepth + 2) return failed(tooDeep, placeAt(top.offset));
    }
    tokens.push(...parser.end());
    const composer = new Composer({
      strict: true,
      // The parser compares every key with every other: seconds for a file of nothing but keys.
      uniqueKeys: false,
      schema: 'core',
      version: '1.2',
      merge: false,
    });
    const [document, second] = composer.compose(tokens, true, text.length);
    if (!document) return failed('is not YAML', { line: 1, column: 1 });
    // An unknown tag only warns, and must not load.
    for (const { message, pos } of [...document.errors, ...document.warnings])
      faults.push({ message, place: placeAt(pos[0]) });
    if (second)
      faults.push({ message: 'holds more than one document', place: placeAt(second.range[0]) });
    if (faults.length > 0) return { value: undefined, values, keys, faults };
    return { value: walk(document.contents, '', 0, { line: 1, column: 1 }), values, keys, faults };
  } catch {
    return failed('is not YAML', { line: 1, column: 1 });
  }
}

const tooDeep = `is nested more than ${maxDepth} levels deep`;

/** Where the next character would stand. */
function endOf(text: string): Place {
  return { line: text.split('\n').length, column: text.length - text.lastIndexOf('\n') };
}

/** Decoding what is not UTF-8 loses it, so that encoding again differs from there on. */
function beforeTheFault(bytes: Uint8Array): string {
  const lossy = Buffer.from(new TextDecoder().decode(bytes));
  const bom = Buffer.from(bytes).subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0;
  const same = lossy.findIndex((byte, at) => byte !== bytes[at + bom]);
  return lossy.subarray(0, same).toString();
}

const join = (path: string, key: string | number) => (path === '' ? `${key}` : `${path}/${key}`);
