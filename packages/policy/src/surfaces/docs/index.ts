export { records } from '../../tools/toolset.js';
export { describe } from './describe.js';
export { toolTable } from './table.js';
export { listingTokens } from './tokens.js';
