import { forbiddenIn, forgesFence, isZalgo } from './naughty-strings.js';

/** A string anywhere in a JSON value, and where: `items.0.name`; a key is a leaf too, at `items.0.{}`. */
export interface Leaf {
  readonly path: string;
  readonly text: string;
}

export function leavesOf(value: unknown, path = ''): Leaf[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    ...(Array.isArray(value) ? [] : [{ path: `${path}.{}`, text: key }]),
    ...leavesOf(item, path === '' ? key : `${path}.${key}`),
  ]);
}

/** What is wrong with the strings of a JSON value, each in a line. */
export const wrongIn = (value: unknown): string[] =>
  leavesOf(value).flatMap(({ path, text }) =>
    wrongWith(text).map((what) => `${path}: ${what}: ${JSON.stringify(text)}`),
  );

/** What is wrong with a text that may have lines. */
export function wrongWith(text: string, lines = true): string[] {
  return [
    ...forbiddenIn(text, { lines }),
    ...(forgesFence(text) ? ['an imitation of the fence'] : []),
    ...(isZalgo(text) ? ['more than three marks in a row'] : []),
  ];
}

const fenced = /^<untrusted-output ([0-9a-f]{32})>\n([\s\S]*)\n<\/untrusted-output \1>$/;

/** The JSON inside a fenced text; undefined for what is not one fence from beginning to end. */
export function inFence(text: string): unknown {
  const [, , body] = fenced.exec(text) ?? [];
  return body === undefined ? undefined : JSON.parse(body);
}

/** What is wrong with the result of an MCP call, a resource or a question: texts inside and outside its fences. */
export function wrongInResult(result: unknown): string[] {
  const fences = leavesOf(result).filter(({ text }) => fenced.test(text));
  const rest = leavesOf(result).filter(({ text }) => !fenced.test(text));
  return [
    ...fences.flatMap(({ text }) => wrongIn(inFence(text))),
    ...fences.flatMap(({ text }) => wrongWith(text.split('\n').slice(1, -1).join('\n'))),
    ...rest.flatMap(({ path, text }) => wrongWith(text).map((what) => `${path}: ${what}`)),
  ];
}
