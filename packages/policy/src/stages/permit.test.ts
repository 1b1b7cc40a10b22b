import { expect, test } from 'vitest';
import { bodyOf, lab } from '../../test/lab.js';

const operators = `
version: 1
default: {write: permit}
roles:
  operators: {users: ["*"], level: power_ops}
`;

test('an argument nobody declared is refused by name, and the refusal is a row', async () => {
  await using at = await lab();
  const outcome = await at.call(at.tools.getCounter, { name: 'red', colour: 'x' } as never);
  expect(outcome).toMatchObject({ status: 'refused', by: 'input', code: 'INVALID_INPUT' });
  expect(outcome).toMatchObject({ message: expect.stringContaining('colour') });
  expect(outcome).toMatchObject({
    remedy: 'See `vmware-counters counter get --help` for its inputs.',
  });
  expect(at.audit()).toMatchObject([{ phase: 'denied', status: 'denied', tool: 'get_counter' }]);
  expect(bodyOf(at.audit()[0])).toMatchObject({ by: 'input', args: { name: 'red', colour: 'x' } });
});

test.each([
  ['a wrong type', { name: 'red', by: 'two' }, 'by: '],
  ['a missing input', {}, 'name: '],
  ['a value out of range', { name: 'red', by: 0 }, 'by: '],
  ['a list where an object belongs', ['red'], 'raise_counter: '],
  ['a text where an object belongs', 'red', 'raise_counter: '],
])('%s is refused and the message names the field', async (_what, input, named) => {
  await using at = await lab();
  const outcome = await at.call(at.tools.raiseCounter, input as never, { dryRun: false });
  expect(outcome).toMatchObject({ status: 'refused', code: 'INVALID_INPUT' });
  expect(outcome).toMatchObject({ message: expect.stringContaining(named) });
  expect(at.audit()).toMatchObject([{ phase: 'denied' }]);
  expect(at.target.changes()).toEqual([]);
});

test('a target nobody configured is refused in the words of the configuration', async () => {
  await using at = await lab();
  const outcome = await at.call(at.tools.getCounter, { name: 'red' }, { target: 'moon' });
  expect(outcome).toMatchObject({
    status: 'refused',
    by: 'input',
    code: 'UNKNOWN_TARGET',
    message: 'There is no target moon.',
    remedy: 'Run `vmware-vsphere context list` to see the targets.',
  });
  expect(at.audit()).toMatchObject([{ phase: 'denied', target: 'moon', environment: '' }]);
});

test('a name that no tool has is no call at all, and an older name of a tool is', async () => {
  await using at = await lab();
  expect(at.governed.answer('raise_the_roof', {}, { surface: 'mcp' })).toBeUndefined();
  expect(
    await at.governed.answer('bump_counter', { name: 'red' }, { surface: 'mcp' }),
  ).toMatchObject({
    status: 'preview',
  });
  expect(at.audit()).toMatchObject([{ tool: 'raise_counter' }]);
});

test('a caller below the level of a tool is refused before the target is asked anything', async () => {
  await using at = await lab({ rules: operators });
  at.target.mood = 'broken';
  const outcome = await at.call(at.tools.deleteCounter, { name: 'red' });
  expect(outcome).toMatchObject({
    status: 'refused',
    by: 'roles',
    code: 'PERMISSION_DENIED',
    rule: 'roles',
  });
  expect(outcome).toMatchObject({
    details: { need: 'host_admin', have: 'power_ops', roles: ['operators'] },
  });
  expect(at.audit()).toMatchObject([{ phase: 'denied', decision: 'deny', rule: 'roles' }]);
});

test('a caller of the level of a tool is let through', async () => {
  await using at = await lab({ rules: operators });
  expect(await at.call(at.tools.raiseCounter, { name: 'red' })).toMatchObject({
    status: 'preview',
  });
});

test('a caller without any role gets nothing, not even a read', async () => {
  await using at = await lab({
    rules: 'version: 1\nroles:\n  nobody: {users: [nobody-here], level: full_admin}\n',
  });
  expect(await at.call(at.tools.getCounter, { name: 'red' })).toMatchObject({
    status: 'refused',
    code: 'PERMISSION_DENIED',
    details: { have: null },
  });
});
