import { expect, test } from 'vitest';
import { labWithTools } from '../../../test/own-tools.js';

const rules = `version: 1
default: {write: permit}
rules:
  - {id: no-delete, effect: forbid, tools: [delete_vm], targets: {environments: [prod*]}, reason: Ask first.}
`;

test('the rule that would decide is named with its line, and every rule says how it fared', async () => {
  await using at = await labWithTools({ rules });
  expect(
    await at.read('explain_rules', { call: 'delete_vm', environment: 'production' }),
  ).toMatchObject({
    allowed: false,
    rule: 'no-delete',
    where: expect.stringMatching(/rules\.yaml:4:\d+$/),
    reason: expect.stringContaining('Ask first.'),
    trace: [{ rule: 'no-delete', matched: true, failed: null, line: 4 }],
  });
  expect(await at.read('explain_rules', { call: 'delete_vm', environment: 'lab' })).toMatchObject({
    allowed: true,
    consent: 'seal',
    trace: [{ matched: false, failed: expect.any(String) }],
  });
});

test('a read needs no consent', async () => {
  await using at = await labWithTools();
  expect(await at.read('explain_rules', { call: 'list_vms' })).toMatchObject({
    allowed: true,
    consent: null,
  });
});

test('a tool or a time that does not exist is refused', async () => {
  await using at = await labWithTools();
  expect(await at.ask('explain_rules', { call: 'delete_moon' })).toMatchObject({
    code: 'UNKNOWN_TOOL',
    remedy: expect.stringContaining('delete_vm'),
  });
  expect(await at.ask('explain_rules', { call: 'delete_vm', at: 'noon' })).toMatchObject({
    code: 'INVALID_INPUT',
  });
});
