export { openDatabase } from '../audit/driver.js';
export { checkToolset } from './contract.js';
export { type Harness, harness } from './harness.js';
export { type TakenBack, takeBack } from './take-back.js';
