import * as z from 'zod';
import type { Card, Tool } from '../../tool.js';
import { type Resource, type Toolset, toolsOf } from '../../toolset.js';
import type { JsonSchema, Listing, Surface, SurfaceResource, SurfaceTool } from '../surface.js';

/** Derives the surface of a toolset from its cards. What it returns is written to `surface.json`. */
export function describe<Clients>(toolset: Toolset<Clients>): Surface {
  return {
    name: toolset.name,
    title: toolset.title,
    version: toolset.version,
    instructions: toolset.instructions,
    tools: toolsOf(toolset).map(({ tool, group }) => toolOf(tool, group)),
    resources: (toolset.resources ?? []).map((resource) => resourceOf(resource)),
  };
}

const resourceOf = ({
  uri,
  name,
  summary,
  level,
  tool,
  input,
}: Resource<never>): SurfaceResource => ({
  uri,
  name,
  description: summary,
  level,
  tool: tool.name,
  input,
});

function toolOf(tool: Tool, group: string): SurfaceTool {
  const listing = listingOf(tool);
  return {
    group,
    usage: tool.usage,
    effect: tool.effect,
    risk: tool.risk,
    level: tool.level,
    privileges: tool.privileges ?? [],
    columns: tool.columns ?? itemFields(listing.outputSchema).slice(0, 6),
    aliases: tool.aliases ?? [],
    examples: tool.examples ?? [],
    diagnostic: tool.diagnostic ?? false,
    flags: tool.flags ?? {},
    format: tool.format ?? 'table',
    listing,
  };
}

const itemFields = (schema: JsonSchema): string[] =>
  Object.keys(schema.properties?.['items']?.items?.properties ?? {});

function listingOf(tool: Card): Listing {
  const own = lean(z.toJSONSchema(tool.input, { io: 'input' }) as JsonSchema);
  const output = lean(z.toJSONSchema(tool.output, { io: 'output' }) as JsonSchema, { terse: true });
  return {
    name: tool.name,
    description: tool.summary,
    inputSchema: {
      type: 'object',
      properties: { ...own.properties, ...reservedOf(tool) },
      ...(own.required?.length ? { required: own.required } : {}),
      additionalProperties: false,
    },
    outputSchema: tool.effect === 'read' ? output : orPreview(output),
    annotations: {
      readOnlyHint: tool.effect === 'read',
      destructiveHint: tool.effect === 'destroy',
      idempotentHint: tool.effect === 'read' || (tool.idempotent ?? false),
      openWorldHint: false,
    },
  };
}

const text = (description: string): JsonSchema => ({ type: 'string', description });

function reservedOf(tool: Card): Record<string, JsonSchema> {
  if (tool.diagnostic) return {};
  const target = { target: text('Configured target.') };
  if (tool.effect === 'read') return target;
  return {
    ...target,
    dry_run: { type: 'boolean', default: true, description: 'Only show the plan.' },
    ...(tool.effect === 'destroy' ? { confirmed: { type: 'boolean', default: false } } : {}),
    consent: text("The preview's seal."),
  };
}

/** A change answers with its output or with a preview, so nothing of either is required. */
const orPreview = ({ properties }: JsonSchema): JsonSchema => ({
  type: 'object',
  properties: {
    action: { type: 'string' },
    plan: { type: 'object' },
    consent: { type: 'string' },
    expires_at: { type: 'string' },
    hint: { type: 'string' },
    ...properties,
  },
});

/** Drops what costs a model tokens and tells it nothing: $schema, titles, safe-integer bounds; in outputs, prose. */
function lean(schema: JsonSchema, { terse = false } = {}): JsonSchema {
  const walk = (value: unknown, key?: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item));
    if (typeof value !== 'object' || value === null) return value;
    const isMap = key === 'properties';
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name, inner]) => isMap || !isNoise(name, inner, terse))
        .map(([name, inner]) => [name, walk(inner, name)]),
    );
  };
  return walk(schema) as JsonSchema;
}

const isNoise = (name: string, value: unknown, terse: boolean): boolean =>
  name === '$schema' ||
  name === 'title' ||
  name === 'long' ||
  name === 'additionalProperties' ||
  (Number.isSafeInteger(value) && Math.abs(value as number) === Number.MAX_SAFE_INTEGER) ||
  (terse && ['description', 'pattern', 'format', 'minimum', 'maximum'].includes(name));
