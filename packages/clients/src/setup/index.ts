export type { Check, Finding, Terminal } from './check.js';
export type { TryLogin } from './checks.js';
export { localOf } from './local.js';
export type { Wizard } from './wizard.js';
