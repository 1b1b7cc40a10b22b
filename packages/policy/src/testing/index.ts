export { checkToolset } from './contract.js';
export { type Harness, harness } from './harness.js';
export { openDatabase } from '../audit/driver.js';
