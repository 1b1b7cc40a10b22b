import { expect, test } from 'vitest';
import { lab, labAt } from '../../test/lab.js';
import { rotate } from '../audit/rotate.js';
import { packagedRunaway } from './budgets.js';

const rules = (text: string) => `version: 1\ndefault: {write: permit}\n${text}\n`;
const go = { dryRun: false, confirmed: true } as const;

test('a caller who has used up their calls is refused in every process, and told by which budget', async () => {
  await using at = await lab({ rules: rules('budgets: {calls: {max: 3, per: 1h}}') });
  const read = (name: string) => at.call(at.tools.getCounter, { name });
  for (const name of ['red', 'green', 'blue'])
    expect(await read(name)).toMatchObject({ status: 'done' });
  const spent = { status: 'refused', code: 'BUDGET_SPENT', rule: 'budget.calls' };
  expect(await read('red')).toMatchObject({ ...spent, details: { used: 3, max: 3 } });
  await using other = labAt(at.target, at.home.dir);
  expect(await other.call(other.tools.getCounter, { name: 'red' })).toMatchObject(spent);
});

test('what is refused uses up nothing, and a wider budget lets the caller go on', async () => {
  await using at = await lab({ rules: rules('budgets: {calls: {max: 1, per: 1h}}') });
  await at.call(at.tools.getCounter, { name: 'red' });
  for (let i = 0; i < 5; i++)
    expect(await at.call(at.tools.getCounter, { name: 'red' })).toMatchObject({
      code: 'BUDGET_SPENT',
    });
  at.rules(rules('budgets: {calls: {max: 2, per: 1h}}'));
  expect(await at.call(at.tools.getCounter, { name: 'red' })).toMatchObject({ status: 'done' });
});

test('changes are counted and previews are not; rotating the log gives nothing back', async () => {
  await using at = await lab({ rules: rules('budgets: {changes: {max: 2, per: 1h}}') });
  const raise = (name: string) => at.call(at.tools.raiseCounter, { name }, go);
  for (const name of ['red', 'green']) {
    await at.call(at.tools.raiseCounter, { name });
    expect(await raise(name)).toMatchObject({ status: 'done' });
  }
  await rotate(at.home);
  expect(await at.call(at.tools.raiseCounter, { name: 'blue' })).toMatchObject({
    status: 'preview',
  });
  expect(await raise('blue')).toMatchObject({ code: 'BUDGET_SPENT', rule: 'budget.changes' });
  expect(at.target.changes()).toHaveLength(2);
});

test('the objects of a plan count against a budget of objects', async () => {
  await using at = await lab({ rules: rules('budgets: {objects: {max: 1, per: 1d}}') });
  expect(await at.call(at.tools.raiseCounter, { name: 'red' }, go)).toMatchObject({
    status: 'done',
  });
  expect(await at.call(at.tools.raiseCounter, { name: 'green' }, go)).toMatchObject({
    code: 'BUDGET_SPENT',
    rule: 'budget.objects',
  });
});

test('a budget of seconds refuses once the time is used up', async () => {
  await using at = await lab({ rules: rules('budgets: {seconds: {max: 0, per: 1h}}') });
  expect(await at.call(at.tools.getCounter, { name: 'red' })).toMatchObject({
    code: 'BUDGET_SPENT',
    rule: 'budget.seconds',
  });
});

test('a call that is repeated with the same input runs away; another input, and time, do not', async () => {
  await using at = await lab({ rules: rules('runaway: {max: 4, per: 1h}') });
  const read = (name: string, how = {}) => at.call(at.tools.getCounter, { name }, how);
  for (let i = 0; i < 4; i++) expect(await read('red')).toMatchObject({ status: 'done' });
  expect(await read('red')).toMatchObject({
    status: 'refused',
    code: 'RUNAWAY',
    rule: 'runaway',
    message: expect.stringContaining('4 times in 1 h'),
  });
  expect(await read('green')).toMatchObject({ status: 'done' });
  expect(await read('red', { target: 'prod' })).toMatchObject({ status: 'done' });
  expect(await read('red', { watched: true })).toMatchObject({ status: 'done' });
  await using other = labAt(at.target, at.home.dir);
  expect(await other.call(other.tools.getCounter, { name: 'red' })).toMatchObject({
    code: 'RUNAWAY',
  });
});

test('without a word in the rules the breaker trips at the 26th call in two minutes', async () => {
  await using at = await lab({ runaway: packagedRunaway });
  const ends = [];
  for (let i = 0; i < 26; i++)
    ends.push((await at.call(at.tools.getCounter, { name: 'red' })).status);
  expect(ends).toEqual([...Array.from({ length: 25 }, () => 'done'), 'refused']);
});

test('a variable that allows less in a day takes nothing from a budget that allows less in a minute', async () => {
  await using at = await lab({
    rules: rules('budgets: {calls: {max: 2, per: 1m}}'),
    env: { VMWARE_MAX_TOOL_CALLS: '100' },
  });
  const read = () => at.call(at.tools.getCounter, { name: 'red' });
  for (let i = 0; i < 2; i++) expect(await read()).toMatchObject({ status: 'done' });
  expect(await read()).toMatchObject({ code: 'BUDGET_SPENT', details: { max: 2 } });
});

test("the family's variables narrow and never widen", async () => {
  for (const [env, allowed] of [
    [{ VMWARE_RUNAWAY_MAX: '0' }, 3],
    [{ VMWARE_RUNAWAY_MAX: '999999' }, 3],
    [{ VMWARE_RUNAWAY_MAX: '2', VMWARE_RUNAWAY_WINDOW_SEC: '7200' }, 2],
    [{ OPS_RUNAWAY_MAX: 'many' }, 3],
    [{ VMWARE_RUNAWAY_MAX: '999', VMWARE_RUNAWAY_WINDOW_SEC: '9999999' }, 3],
    [{ VMWARE_MAX_TOOL_CALLS: '1' }, 1],
    [{ VMWARE_MAX_TOOL_SECONDS: '0.000001' }, 1],
  ] as const) {
    await using own = await lab({ rules: rules('runaway: {max: 3, per: 1h}'), env });
    let done = 0;
    while ((await own.call(own.tools.getCounter, { name: 'red' })).status === 'done') done += 1;
    expect(done, JSON.stringify(env)).toBe(allowed);
  }
});
