export type { Call, Caller, Outcome, Problem, Progress, Target } from './call.js';
export { type Governed, govern, type Options } from './open.js';
export { type Page, page, pageInput, pageOf } from './page.js';
export { rawAnswer, rawOutput, rawPath, rawPlan } from './raw.js';
export { Refusal } from './refusal.js';
export { glob } from './rules/match.js';
export {
  type BlastRadius,
  type Card,
  type Context,
  credential,
  type Effect,
  type Inverse,
  type Level,
  longText,
  type Plan,
  type Plans,
  type Risk,
  type Runs,
  secret,
  type Tool,
  toolsFor,
} from './tool.js';
export {
  type Connection,
  defineToolset,
  type Resource,
  type Targets,
  type Toolset,
} from './toolset.js';
