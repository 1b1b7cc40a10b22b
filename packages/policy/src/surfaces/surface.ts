import type { Effect, Level, Risk } from '../tool.js';

/** A JSON Schema as far as cards make one. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly writeOnly?: boolean;
  readonly [more: string]: unknown;
}

/** What MCP's `tools/list` says of a tool. */
export interface Listing {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
}

export interface SurfaceTool {
  readonly group: string;
  readonly usage: string;
  readonly effect: Effect;
  readonly risk: Risk;
  readonly level: Level;
  readonly privileges: readonly string[];
  readonly columns: readonly string[];
  readonly aliases: readonly string[];
  readonly examples: readonly string[];
  readonly diagnostic: boolean;
  /** Flags that are not named as their inputs. */
  readonly flags: Readonly<Record<string, string>>;
  /** What `-o` is when it is not given. */
  readonly format: string;
  readonly listing: Listing;
}

export interface SurfaceResource {
  readonly uri: string;
  readonly name: string;
  readonly description: string;
  readonly level: Level;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Everything the surfaces need to know about a toolset before its first call: `surface.json`, generated from
 * the cards, reviewed in diffs, and shipped. A server lists its tools and a command line prints its help from
 * it, without loading a card, a schema library or a client.
 */
export interface Surface {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly instructions: string;
  readonly tools: readonly SurfaceTool[];
  readonly resources: readonly SurfaceResource[];
}

/** Inputs that every tool on a target has and none declares. */
export const reserved = ['target', 'dry_run', 'confirmed', 'consent'] as const;

/** Inputs of the tool itself. */
export const ownInputs = ({
  listing,
  diagnostic,
}: Pick<SurfaceTool, 'listing' | 'diagnostic'>): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(
    Object.entries(listing.inputSchema.properties ?? {}).filter(
      ([name]) => diagnostic || !(reserved as readonly string[]).includes(name),
    ),
  );

/** The variable that names another config.yaml; `--config` sets it for one process. */
export const configVariable = ({ name }: Pick<Surface, 'name'>): string =>
  `VMWARE_${name.toUpperCase().replaceAll('-', '_')}_CONFIG`;
