import type { SurfaceTool } from '../surface.js';

/**
 * A list as columns and rows, which costs a model about a third of the tokens of objects; anything else as it
 * is. Columns are the card's; when the caller asked for fields, whatever the items have.
 */
export function compact(tool: SurfaceTool, output: Readonly<Record<string, unknown>>): unknown {
  const { items, ...envelope } = output;
  if (!Array.isArray(items)) return output;
  const rows = items as Readonly<Record<string, unknown>>[];
  const present = new Set(rows.flatMap((row) => Object.keys(row)));
  const listed = tool.columns.filter((column) => present.has(column));
  const columns = listed.length > 0 && present.size > tool.columns.length ? listed : [...present];
  return {
    columns,
    rows: rows.map((row) => columns.map((column) => row[column] ?? null)),
    ...envelope,
  };
}
