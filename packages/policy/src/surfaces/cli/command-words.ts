import type { SurfaceTool } from '../surface.js';

/** The words of a command without its inputs: `vm`, `list`. */
export const wordsOf = ({ usage }: Pick<SurfaceTool, 'usage'>): string[] =>
  usage.split(' ').filter((word) => !/^[<[]/.test(word));
