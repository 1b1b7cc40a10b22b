import type { Difference, Questions } from './diff.js';

/** Differences that read alike, as one. `any` is every value that was asked about. */
export interface Group {
  readonly tools: readonly string[];
  readonly target: string;
  readonly environment: string;
  readonly role: string;
  readonly old: string;
  readonly new: string;
}

const any = 'any';
const unlabelled = '(no label)';
const nobody = '(no role)';

/** Puts differences together that hold in every environment, for every target, for every role, for several tools. */
export function grouped(found: readonly Difference[], { places, roles }: Questions): Group[] {
  const targets = new Set(places.map(({ target }) => target));
  const environments = new Set(places.map(({ environment }) => environment));
  const cells = found.map(
    (one): Cell => ({
      tool: one.tool,
      target: one.target,
      environment: one.environment || unlabelled,
      role: one.role ?? nobody,
      old: one.old,
      new: one.new,
    }),
  );
  const merged = [
    ['target', targets.size] as const,
    ['environment', environments.size] as const,
    ['role', roles.length] as const,
  ].reduce<readonly Cell[]>((some, [key, all]) => merge(some, key, all), cells);
  return byAllBut(merged, 'tool').map((alike) => {
    const { tool: _, ...rest } = alike[0];
    return { ...rest, tools: alike.map(({ tool }) => tool).sort() };
  });
}

type Cell = Readonly<Record<'tool' | 'target' | 'environment' | 'role' | 'old' | 'new', string>>;

/** Cells that differ in one column alone become one, where they are all there can be. */
const merge = (cells: readonly Cell[], column: keyof Cell, all: number): Cell[] =>
  byAllBut(cells, column).flatMap((alike) =>
    alike.length === all ? [{ ...alike[0], [column]: any }] : alike,
  );

function byAllBut(cells: readonly Cell[], column: keyof Cell): [Cell, ...Cell[]][] {
  const groups = new Map<string, [Cell, ...Cell[]]>();
  for (const cell of cells) {
    const key = JSON.stringify({ ...cell, [column]: '' });
    const group = groups.get(key);
    if (group) group.push(cell);
    else groups.set(key, [cell]);
  }
  return [...groups.values()];
}
