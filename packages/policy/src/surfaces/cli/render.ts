import { Refusal } from '../../refusal.js';
import type { SurfaceTool } from '../surface.js';

export const formats = [
  'table',
  'wide',
  'json',
  'jsonl',
  'yaml',
  'name',
  'csv',
  'jsonpath=…',
] as const;

type Row = Readonly<Record<string, unknown>>;

/** An answer in the format asked for, ending in a line end. Throws USAGE for a format nobody knows. */
export async function render(
  tool: Pick<SurfaceTool, 'columns'>,
  output: Row,
  format: string,
  { headers = true }: { readonly headers?: boolean } = {},
): Promise<string> {
  if (format === 'json') return `${JSON.stringify(output, null, 2)}\n`;
  if (format === 'yaml') return (await import('./formats.js')).yaml(output);
  if (format.startsWith('jsonpath='))
    return (await import('./formats.js')).jsonpath(output, format.slice('jsonpath='.length));
  const rows = Array.isArray(output['items']) ? (output['items'] as Row[]) : undefined;
  if (format === 'jsonl') return lines((rows ?? [output]).map((row) => JSON.stringify(row)));
  if (format === 'text') return text(tool, output);
  if (format === 'name') return lines((rows ?? [output]).map(nameOf));
  if (format === 'csv')
    return csv(rows ?? [output], columnsOf(tool, rows ?? [output], true), headers);
  if (format === 'table' || format === 'wide')
    return rows
      ? table(rows, columnsOf(tool, rows, format === 'wide'), headers) +
          (headers ? footer(output) : '')
      : facts(output);
  throw new Refusal(
    'USAGE',
    `There is no output format "${format}".`,
    `Use -o ${formats.join('|')}.`,
  );
}

/** A text as it is: the answer's lines, or the column that the card names. What has neither is told as facts. */
function text({ columns }: Pick<SurfaceTool, 'columns'>, output: Row): string {
  if (Array.isArray(output['lines'])) return lines(output['lines'] as string[]);
  const whole = output[columns[0] ?? ''];
  return typeof whole === 'string' && whole !== '' ? whole : facts(output);
}

const lines = (all: readonly string[]): string => (all.length > 0 ? `${all.join('\n')}\n` : '');

const nameOf = (row: Row): string =>
  cell(row['name'] ?? row['id'] ?? row['path'] ?? Object.values(row)[0]);

function columnsOf(
  tool: Pick<SurfaceTool, 'columns'>,
  rows: readonly Row[],
  all: boolean,
): string[] {
  const present = new Set<string>();
  for (const row of rows) for (const key in row) present.add(key);
  const listed = tool.columns.filter((column) => present.has(column));
  if (all || listed.length === 0 || present.size <= tool.columns.length) return [...present];
  return listed;
}

const footer = ({ hint }: Row): string => (typeof hint === 'string' ? `${hint}\n` : '');

/** A cell on one line. Unknown is a dash, never 0 or empty. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'string') return value.includes('\n') ? value.replaceAll('\n', ' ') : value;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const ascii = /^[\x20-\x7e]*$/;
const twoWide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** Columns a terminal gives a text: CJK and emoji take two, combining marks none. */
function width(text: string): number {
  if (ascii.test(text)) return text.length;
  let sum = 0;
  for (const character of text)
    sum += /\p{M}/u.test(character) ? 0 : twoWide.test(character) ? 2 : 1;
  return sum;
}

/** kubectl's look: upper-case headings, three spaces between, nothing after the last column. */
function table(rows: readonly Row[], columns: readonly string[], headers: boolean): string {
  if (rows.length === 0) return headers ? 'Nothing found.\n' : '';
  const head = columns.map((column) => column.replaceAll('_', ' ').toUpperCase());
  const widths = head.map((heading) => (headers ? width(heading) : 0));
  const cells = rows.map((row) =>
    columns.map((column, i) => {
      const text = cell(row[column]);
      const its = width(text);
      if (its > (widths[i] ?? 0)) widths[i] = its;
      return text;
    }),
  );
  const line = (texts: readonly string[]): string => {
    let out = '';
    for (let i = 0; i < texts.length - 1; i += 1) {
      const text = texts[i] ?? '';
      out += `${text}${' '.repeat((widths[i] ?? 0) - width(text) + 3)}`;
    }
    return `${out}${texts.at(-1) ?? ''}`;
  };
  return lines([...(headers ? [line(head)] : []), ...cells.map(line)]);
}

/** One object as "key  value" lines; what is nested is indented under its key. */
function facts(output: Row, indent = ''): string {
  const keys = Object.keys(output);
  const longest = Math.max(0, ...keys.map((key) => key.length));
  return keys
    .map((key) => {
      const value = output[key];
      const label = `${indent}${key.padEnd(longest)}`;
      if (isList(value))
        return `${indent}${key}\n${value.map((item) => facts(item, `${indent}  `)).join('')}`;
      return `${label}   ${cell(value)}\n`;
    })
    .join('');
}

const isList = (value: unknown): value is Row[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((item) => typeof item === 'object' && item !== null);

/** RFC 4180. A cell that a spreadsheet would take for a formula gets a leading apostrophe. */
function csv(rows: readonly Row[], columns: readonly string[], headers: boolean): string {
  const quote = (value: unknown): string => {
    const text = value === null || value === undefined ? '' : cell(value);
    const safe = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return lines([
    ...(headers ? [columns.join(',')] : []),
    ...rows.map((row) => columns.map((column) => quote(row[column])).join(',')),
  ]);
}
