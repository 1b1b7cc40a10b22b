import type { Home } from '../home.js';
import type { ToolFacts } from '../rules/question.js';
import { toolsFor } from '../tool.js';

/** What the tools on our own records work with. */
export interface Records {
  readonly home: Home;
  /** The tools that rules may name, as far as they are installed on this machine. */
  readonly tools: readonly ToolFacts[];
}

export const defineTool = toolsFor<Records>();
