import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { homeAt } from '../src/home.js';
import { describe } from '../src/surfaces/docs/describe.js';
import { checkToolset } from '../src/testing/contract.js';
import { records } from '../src/tools/toolset.js';

const own = records(homeAt('/nowhere'));

test('every card of policy keeps the rules of the house', () => {
  expect(checkToolset(own, join(import.meta.dirname, '../src/tools'))).toEqual([]);
});

test('surface.json is what the cards yield', () => {
  const file = readFileSync(join(import.meta.dirname, '../surface.json'), 'utf8');
  expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(describe(own))));
});
