import * as z from 'zod';
import { type Card, isLocal, type Tool } from '../../tool.js';
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
    local: isLocal(tool),
    // What changes our own records is for people: an agent does not rotate the log it is written down in.
    cliOnly: tool.cliOnly ?? (isLocal(tool) && tool.effect !== 'read'),
    ...(tool.exits === undefined ? {} : { exits: tool.exits }),
    ...(tool.follows === undefined ? {} : { follows: tool.follows }),
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
      destructiveHint: mayDestroy(tool),
      idempotentHint: tool.effect === 'read' || (tool.idempotent ?? false),
      openWorldHint: false,
    },
  };
}

const mayDestroy = ({ effect, mayDestroy = false }: Card): boolean =>
  effect === 'destroy' || mayDestroy;

const text = (description: string): JsonSchema => ({ type: 'string', description });

function reservedOf(tool: Card): Record<string, JsonSchema> {
  const target = isLocal(tool) ? {} : { target: { type: 'string' } as JsonSchema };
  if (tool.effect === 'read') return target;
  return {
    ...target,
    dry_run: { type: 'boolean', default: true, description: 'Only show the plan.' },
    ...(mayDestroy(tool) ? { confirmed: { type: 'boolean', default: false } } : {}),
    consent: text("The preview's seal."),
    ticket: { type: 'string' },
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

/**
 * Drops what costs a model tokens and tells it nothing: $schema, titles, safe-integer bounds, lengths (which the
 * call checks all the same); in outputs, prose, and what is required below the top.
 */
function lean(schema: JsonSchema, { terse = false } = {}): JsonSchema {
  const walk = (value: unknown, key?: string, depth = 0): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item, undefined, depth));
    if (typeof value !== 'object' || value === null) return value;
    const isMap = key === 'properties';
    return eitherType(
      Object.entries(value)
        .filter(([name, inner]) => isMap || !isNoise(name, inner, terse))
        .filter(([name]) => isMap || !terse || depth === 0 || name !== 'required')
        .map(([name, inner]) => [name, walk(inner, name, depth + 1)]),
    );
  };
  return walk(schema) as JsonSchema;
}

/** `{anyOf: [{type: a}, {type: b}]}` is `{type: [a, b]}`. */
function eitherType(entries: [string, unknown][]): Record<string, unknown> {
  const { anyOf, ...rest } = Object.fromEntries(entries);
  const types = (Array.isArray(anyOf) ? anyOf : []).flatMap((one: Record<string, unknown>) =>
    Object.keys(one).length === 1 && typeof one['type'] === 'string' ? [one['type']] : [],
  );
  const isPlain = Array.isArray(anyOf) && types.length === anyOf.length;
  return isPlain ? { ...rest, type: types } : Object.fromEntries(entries);
}

const isNoise = (name: string, value: unknown, terse: boolean): boolean =>
  name === '$schema' ||
  name === 'title' ||
  name === 'long' ||
  name === 'credential' ||
  name === 'additionalProperties' ||
  name === 'minLength' ||
  name === 'maxLength' ||
  (Number.isSafeInteger(value) && Math.abs(value as number) === Number.MAX_SAFE_INTEGER) ||
  (terse && ['description', 'pattern', 'format', 'minimum', 'maximum'].includes(name));
