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
  /** It has no target. */
  readonly local: boolean;
  readonly cliOnly: boolean;
  /** How `--follow` goes on: the input, and the field of an answer that it is set to. */
  readonly follows?: { readonly input: string; readonly field: string };
  /** The exit code by what a field of the output says. */
  readonly exits?: { readonly field: string; readonly codes: Readonly<Record<string, number>> };
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

/** Inputs that a surface adds and no tool declares: all of them on a target, those of consent on changes. */
export const reserved = ['target', 'dry_run', 'confirmed', 'consent', 'ticket'] as const;

/** The reserved inputs of one tool. What is local has no target, and may have an input of that name. */
export const reservedBy = ({
  local,
  effect,
}: Pick<SurfaceTool, 'local' | 'effect'>): readonly string[] =>
  reserved.filter((name) => (name === 'target' ? !local : !local || effect !== 'read'));

/** Inputs of the tool itself. */
export const ownInputs = (
  tool: Pick<SurfaceTool, 'listing' | 'local' | 'effect'>,
): Readonly<Record<string, JsonSchema>> => {
  const theirs = reservedBy(tool);
  return Object.fromEntries(
    Object.entries(tool.listing.inputSchema.properties ?? {}).filter(
      ([name]) => !theirs.includes(name),
    ),
  );
};

/** The variable that names another config.yaml; `--config` sets it for one process. */
export const configVariable = ({ name }: Pick<Surface, 'name'>): string =>
  `VMWARE_${name.toUpperCase().replaceAll('-', '_')}_CONFIG`;
