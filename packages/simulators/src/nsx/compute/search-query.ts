/** A query as it was read. `pattern` is what a value must be as a whole, in any case. */
export type Query =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query }
  | { readonly kind: 'term'; readonly field: readonly string[]; readonly pattern: RegExp };

/** A query that NSX would refuse: the server answers 400. */
export class QuerySyntaxError extends Error {
  override readonly name = 'QuerySyntaxError';
}

/**
 * Reads `field:value` with AND, OR, NOT and parentheses; AND binds tighter, and stands where nothing does. A
 * value in double quotes is literal, with `\"` and `\\`. Others take `*` and `?`, and every other reserved
 * character needs a backslash.
 */
export function parseQuery(text: string): Query {
  const reader = new Reader(text);
  const query = anyOf(reader);
  if (!reader.done) throw new QuerySyntaxError(`unexpected "${reader.rest}" in the query`);
  return query;
}

function anyOf(reader: Reader): Query {
  const parts = [allOf(reader)];
  while (reader.take(/^(?:OR\b|\|\|)/)) parts.push(allOf(reader));
  return joined('any', parts);
}

function allOf(reader: Reader): Query {
  const parts = [one(reader)];
  for (;;) {
    if (reader.take(/^(?:AND\b|&&)/)) parts.push(one(reader));
    else if (reader.done || reader.sees(/^(?:OR\b|\|\||\))/)) return joined('all', parts);
    else parts.push(one(reader));
  }
}

const joined = (kind: 'all' | 'any', parts: readonly Query[]): Query =>
  parts.length === 1 && parts[0] ? parts[0] : { kind, parts };

function one(reader: Reader): Query {
  if (reader.take(/^(?:NOT\b|!)/)) return { kind: 'not', part: one(reader) };
  if (reader.take(/^\(/)) {
    const inner = anyOf(reader);
    if (!reader.take(/^\)/)) throw new QuerySyntaxError('a parenthesis is not closed');
    return inner;
  }
  const [, field] = reader.take(/^([A-Za-z_][\w.]*):/) ?? [];
  if (field === undefined)
    throw new QuerySyntaxError(`expected field:value instead of "${reader.rest}"`);
  if (reader.take(/^\(/)) return valuesOf(field, reader);
  return { kind: 'term', field: field.split('.'), pattern: value(reader) };
}

/** `field:(one OR other)` */
function valuesOf(field: string, reader: Reader): Query {
  const parts: Query[] = [];
  do parts.push({ kind: 'term', field: field.split('.'), pattern: value(reader) });
  while (reader.take(/^OR\b/));
  if (!reader.take(/^\)/)) throw new QuerySyntaxError('a parenthesis is not closed');
  return joined('any', parts);
}

const reserved = /[+\-=&|><!(){}[\]^"~:/]/;

function value(reader: Reader): RegExp {
  const quoted = reader.take(/^"((?:[^"\\]|\\.)*)"/s);
  if (quoted) return whole(literal((quoted[1] ?? '').replace(/\\(.)/gs, '$1')));
  const [bare] = reader.take(/^(?:[^\s()"\\]|\\.)+/s) ?? [];
  if (bare === undefined) throw new QuerySyntaxError(`expected a value at "${reader.rest}"`);
  const pieces = bare.match(/\\.|./gs) ?? [];
  return whole(pieces.map((piece, at) => pattern(piece, at)).join(''));
}

function pattern(piece: string, at: number): string {
  if (piece.length > 1) return literal(piece.slice(1));
  if (piece === '*') return '.*';
  if (piece === '?') return '.';
  const inWord = piece === '-' && at > 0;
  if (reserved.test(piece) && !inWord)
    throw new QuerySyntaxError(`the character "${piece}" must be escaped or quoted`);
  return literal(piece);
}

const whole = (source: string): RegExp => new RegExp(`^${source}$`, 'is');
const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

class Reader {
  #text: string;

  constructor(text: string) {
    this.#text = text.trim();
  }

  get done(): boolean {
    return this.#text === '';
  }

  get rest(): string {
    return this.#text.slice(0, 40);
  }

  sees(what: RegExp): boolean {
    return what.test(this.#text);
  }

  take(what: RegExp): RegExpExecArray | undefined {
    const found = what.exec(this.#text);
    if (found) this.#text = this.#text.slice(found[0].length).trimStart();
    return found ?? undefined;
  }
}
