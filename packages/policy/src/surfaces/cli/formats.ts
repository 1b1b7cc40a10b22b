import { query } from 'jsonpath-rfc9535';
import { stringify } from 'yaml';
import { Refusal } from '../../refusal.js';

type Row = Readonly<Record<string, unknown>>;

export const yaml = (output: Row): string => stringify(output);

/** RFC 9535, and kubectl's `{.items[*].name}`. One match a line. Throws USAGE for what is neither. */
export function jsonpath(output: Row, expression: string): string {
  const path = expression.replace(/^\{(.*)\}$/, '$1').replace(/^(?=[.[])/, '$');
  try {
    const found = query(output as never, path) as unknown[];
    return found
      .map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`)
      .join('');
  } catch (error) {
    throw new Refusal(
      'USAGE',
      `"${expression}" is not a JSONPath: ${(error as Error).message}`,
      "Use RFC 9535, for example -o jsonpath='$.items[*].name'.",
    );
  }
}
