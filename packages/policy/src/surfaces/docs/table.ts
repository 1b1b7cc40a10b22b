import type { Surface, SurfaceTool } from '../surface.js';

/** The tools of a surface as Markdown tables, one per group. */
export function toolTable(surface: Surface): string {
  const groups = [...new Set(surface.tools.map(({ group }) => group))];
  return groups.map((group) => tableOf(surface, group)).join('\n\n');
}

function tableOf({ name, tools }: Surface, group: string): string {
  const rows = tools.filter((tool) => tool.group === group).map((tool) => rowOf(name, tool));
  return [
    `**${group}**`,
    '',
    '| Tool | Command | What it does | Effect | Risk | Level |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

const rowOf = (program: string, { listing, usage, effect, risk, level }: SurfaceTool): string =>
  `| \`${listing.name}\` | \`vmware-${program} ${usage}\` | ${listing.description} | ${effect} | ${risk} | ${level} |`;
