export { checkToolset } from './contract.js';
export { type Harness, harness } from './harness.js';
