import type { Surface } from '../surface.js';

export interface ListingCost {
  readonly tool: string;
  /** Name, description and input schema. */
  readonly input: number;
  /** The whole entry of tools/list, output schema included. */
  readonly whole: number;
}

/** What listing each tool costs a model, counted by `count`. What is for the command line alone costs nothing. */
export const listingTokens = (surface: Surface, count: (text: string) => number): ListingCost[] =>
  surface.tools
    .filter(({ cliOnly }) => !cliOnly)
    .map(({ listing: { name, description, inputSchema, outputSchema } }) => ({
      tool: name,
      input: count(JSON.stringify({ name, description, inputSchema })),
      whole: count(JSON.stringify({ name, description, inputSchema, outputSchema })),
    }));
