import { expect, test } from 'vitest';
import { labWithTools } from '../../../test/own-tools.js';

test('without a file the packaged baseline is shown, line by line', async () => {
  await using at = await labWithTools();
  expect(await at.read('show_rules')).toMatchObject({
    source: 'packaged baseline',
    lines: expect.arrayContaining(['version: 1', '  write: permit']),
  });
});

test('a file is shown as it is, even one that is broken, and the baseline on request', async () => {
  await using at = await labWithTools();
  at.rules('version: [\n# mine\n');
  expect(await at.read('show_rules')).toEqual({
    source: at.home.rules,
    lines: ['version: [', '# mine'],
  });
  expect(await at.read('show_rules', { baseline: true })).toMatchObject({
    source: 'packaged baseline',
  });
});
