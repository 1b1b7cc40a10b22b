import { Refusal } from '../../refusal.js';
import type { Surface, SurfaceTool } from '../surface.js';

/** Which tools a server offers. Every switch narrows; none widens. */
export interface Choice {
  readonly readOnly?: boolean;
  readonly disableDestructive?: boolean;
  /** Groups, or `all`. */
  readonly toolsets?: readonly string[];
  readonly tools?: readonly string[];
}

/** The tools on offer, in listing order. Throws USAGE for a group or tool that does not exist. */
export function choose(surface: Surface, choice: Choice): SurfaceTool[] {
  const groups = [...new Set(surface.tools.map(({ group }) => group))];
  expectKnown('toolset', choice.toolsets ?? [], [...groups, 'all']);
  expectKnown(
    'tool',
    choice.tools ?? [],
    surface.tools.map(({ listing }) => listing.name),
  );
  return surface.tools.filter(
    (tool) =>
      !tool.cliOnly &&
      isWanted(tool, choice) &&
      (!choice.readOnly || (tool.effect === 'read' && tool.level === 'read_only')) &&
      (!choice.disableDestructive || !tool.listing.annotations.destructiveHint),
  );
}

function isWanted({ group, listing }: SurfaceTool, { toolsets, tools }: Choice): boolean {
  if (toolsets === undefined && tools === undefined) return true;
  return (
    (toolsets?.includes('all') ?? false) ||
    (toolsets?.includes(group) ?? false) ||
    (tools?.includes(listing.name) ?? false)
  );
}

function expectKnown(what: string, named: readonly string[], known: readonly string[]): void {
  const unknown = named.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Refusal(
      'USAGE',
      `There is no ${what} named "${unknown}".`,
      `Use one of: ${known.join(', ')}.`,
    );
}
