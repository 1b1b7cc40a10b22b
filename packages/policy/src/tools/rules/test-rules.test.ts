import { expect, test } from 'vitest';
import { labWithTools } from '../../../test/own-tools.js';

const file = (expected: string) => `version: 1
default: {write: permit}
rules:
  - {id: no-delete, effect: forbid, tools: [delete_vm]}
  - {id: no-rename, effect: forbid, tools: [rename_vm]}
tests:
  - {call: delete_vm, expect: ${expected}, rule: no-delete}
`;

test('tests that pass are counted, and rules no test reaches are named', async () => {
  await using at = await labWithTools({ rules: file('forbid') });
  expect(await at.read('test_rules')).toMatchObject({
    passed: 1,
    failed: 0,
    untested: ['no-rename'],
  });
});

test('a test that fails is named with its line', async () => {
  await using at = await labWithTools({ rules: file('permit') });
  expect(await at.ask('test_rules')).toMatchObject({
    status: 'failed',
    code: 'RULES_TESTS_FAILED',
    message: expect.stringMatching(/rules\.yaml:7.*delete_vm/),
    remedy: expect.stringContaining('`vmware-audit rules test`'),
  });
});
