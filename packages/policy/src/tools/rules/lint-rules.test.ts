import { expect, test } from 'vitest';
import { labWithTools } from '../../../test/own-tools.js';

test('the packaged baseline has no errors', async () => {
  await using at = await labWithTools();
  expect(await at.read('lint_rules')).toMatchObject({
    hint: expect.stringContaining('packaged baseline'),
  });
});

test('a file that does not parse fails with file, line and column', async () => {
  await using at = await labWithTools();
  at.rules('version: 1\nrulez: []\n');
  expect(await at.ask('lint_rules')).toMatchObject({
    status: 'failed',
    code: 'RULES_UNAVAILABLE',
    message: expect.stringMatching(/rules\.yaml:2:\d+.*rulez/),
  });
});

test('a tool that no package has is found, with the line of its rule', async () => {
  await using at = await labWithTools();
  at.rules(
    'version: 1\ndefault: {write: permit}\nrules:\n  - {id: a, effect: forbid, tools: [delete_moon]}\n',
  );
  const said = JSON.stringify(await at.ask('lint_rules'));
  expect(said).toContain('delete_moon');
  expect(said).toMatch(/rules\.yaml:4/);
});

test('a file that is not there is not found', async () => {
  await using at = await labWithTools();
  expect(await at.ask('lint_rules', { file: '/no/such.yaml' })).toMatchObject({
    code: 'NOT_FOUND',
  });
});
