import { expect, test } from 'vitest';
import { as, bodyOf, lab } from '../../test/lab.js';
import { openDatabase } from '../audit/driver.js';
import { rotate } from '../audit/rotate.js';
import { differences } from './differences.js';
import { undo } from './undo.js';
import { undoable } from './undoable.js';

const go = { dryRun: false, confirmed: true } as const;
const how = { surface: 'cli', ...go } as const;

/** A lab in which red was raised from zero; the operation that did it. */
async function raised(by = 3) {
  const at = await lab();
  await at.change(at.tools.raiseCounter, { name: 'red', by });
  const operation = at.audit().at(-1)?.op_id ?? '';
  return Object.assign(at, { operation });
}

test('a change is taken back by a governed change of its own that names it', async () => {
  await using at = await raised();
  const found = undoable(at.home, at.operation);
  expect(found).toMatchObject({ skill: 'counters', tool: 'raise_counter', target: 'lab' });
  expect(await undo(at.governed, found, { surface: 'cli', dryRun: true })).toMatchObject({
    status: 'preview',
    plan: { summary: expect.stringContaining('Reset red') },
  });
  expect(at.target.counters.get('red')).toMatchObject({ value: 3 });
  expect(await undo(at.governed, found, how)).toMatchObject({ status: 'done' });
  expect(at.target.counters.get('red')).toMatchObject({ value: 0 });
  const intent = at.audit().findLast(({ phase }) => phase === 'intent');
  expect(bodyOf(intent)).toMatchObject({ undoes: at.operation });
});

test('an object that changed since is left as it is, and the answer says what changed', async () => {
  await using at = await raised();
  at.target.counters.set('red', { value: 9, note: '', locked: false });
  expect(await undo(at.governed, undoable(at.home, at.operation), how)).toMatchObject({
    status: 'refused',
    code: 'CONFLICT',
    message: expect.stringContaining('value: 3 then, 9 now'),
  });
  expect(at.target.changes()).toHaveLength(1);
});

test('an object that is gone is told as the read tells it', async () => {
  await using at = await raised();
  at.target.counters.delete('red');
  expect(await undo(at.governed, undoable(at.home, at.operation), how)).toMatchObject({
    status: 'failed',
    code: 'NOT_FOUND',
  });
});

test('rules hold for undoing as for anything else', async () => {
  await using at = await raised();
  at.rules(
    'version: 1\ndefault: {write: permit}\nrules:\n  - {id: no, effect: forbid, tools: [reset_counter]}\n',
  );
  expect(await undo(at.governed, undoable(at.home, at.operation), how)).toMatchObject({
    status: 'refused',
    rule: 'no',
  });
});

test('a change is taken back once', async () => {
  await using at = await raised();
  await undo(at.governed, undoable(at.home, at.operation), how);
  expect(() => undoable(at.home, at.operation)).toThrow(/took it back already/);
  await rotate(at.home);
  expect(() => undoable(at.home, at.operation)).toThrow(/took it back already/);
});

test('of several that take a change back in the same instant one does, and the others are told', async () => {
  await using at = await raised();
  const found = undoable(at.home, at.operation);
  const ends = await Promise.all(Array.from({ length: 8 }, () => undo(at.governed, found, how)));
  expect(ends.filter(({ status }) => status === 'done')).toHaveLength(1);
  for (const end of ends.filter(({ status }) => status !== 'done'))
    expect(end).toMatchObject({ status: 'refused', code: 'CONFLICT' });
  expect(at.target.changes()).toHaveLength(2);
});

test('an undoing that failed may be tried again, one that nobody knows of may not', async () => {
  for (const [mood, again] of [
    ['conflict', /^done$/],
    ['cut', /took it back already/],
  ] as const) {
    await using at = await raised();
    const found = undoable(at.home, at.operation);
    at.target.mood = mood;
    await undo(at.governed, found, how);
    at.target.mood = 'well';
    const tried = async () =>
      (await undo(at.governed, undoable(at.home, at.operation), how)).status;
    expect(await tried().catch((error: Error) => error.message)).toMatch(again);
  }
});

test('what failed, is unknown, changed nothing or has no inverse is not undone, and the reason is told', async () => {
  await using at = await lab();
  const last = () => at.audit().at(-1)?.op_id ?? '';
  await at.call(at.tools.getCounter, { name: 'red' });
  expect(() => undoable(at.home, last())).toThrow(/changed nothing/);
  await at.change(at.tools.deleteCounter, { name: 'blue' });
  expect(() => undoable(at.home, last())).toThrow(/cannot be taken back by a call/);
  at.target.mood = 'conflict';
  await at.call(at.tools.raiseCounter, { name: 'red' }, go);
  expect(() => undoable(at.home, last())).toThrow(/it failed/);
  at.target.mood = 'cut';
  as('unknown', await at.call(at.tools.raiseCounter, { name: 'red' }, go));
  expect(() => undoable(at.home, last())).toThrow(/nobody knows whether it happened/);
  expect(() => undoable(at.home, 'nothing')).toThrow(/No row/);
});

test('an inverse that somebody wrote into the log is not believed', async () => {
  await using at = await raised();
  await at.governed.close();
  const { db } = openDatabase(at.home.auditDb);
  db.exec('DROP TRIGGER event_is_append_only_update');
  db.prepare("UPDATE event SET body = replace(body, 'reset_counter', 'delete_counter')").run();
  db.close();
  expect(() => undoable(at.home, at.operation)).toThrow(/does not match its hash/);
});

test('an inverse that cannot be written down whole is not written at all', async () => {
  await using at = await lab();
  await at.change(at.tools.raiseCounter, { name: 'red', by: 2 });
  expect(bodyOf(at.audit().at(-2))['undo']).toBeTypeOf('string');
  at.target.counters.set('gr\u202een', { value: 0, note: '', locked: false });
  await at.change(at.tools.raiseCounter, { name: 'gr\u202een' });
  expect(bodyOf(at.audit().at(-2))['undo']).toBeUndefined();
});

test.each<[string, unknown, unknown, string[]]>([
  ['the same', { a: 1 }, { a: 1, b: 2 }, []],
  ['another value', { a: 1 }, { a: 2 }, ['a']],
  ['a nested value', { a: { b: [1] } }, { a: { b: [2] } }, ['a.b[]']],
  ['a missing field', { a: null }, {}, ['a']],
  ['an entry of a list that is there', { a: [{ b: 1 }] }, { a: [{ b: 2 }, { b: 1, c: 3 }] }, []],
  ['an empty list that is not', { a: [] }, { a: [1] }, ['a']],
  ['an entry that must not be there', { a: { $none: { b: 1 } } }, { a: [{ b: 1 }] }, ['a']],
  ['only these entries, in any order', { a: { $only: [1, 2] } }, { a: [2, 1] }, []],
  ['only these entries, and another', { a: { $only: [1] } }, { a: [1, 2] }, ['a']],
  ['only these entries, and one is missing', { a: { $only: [1, 2] } }, { a: [1] }, ['a']],
  ['only these entries, and one is another', { a: { $only: [1, 2] } }, { a: [1, 3] }, ['a']],
  ['no entry at all, and one', { a: { $only: [] } }, { a: [1] }, ['a']],
  ['only these entries of what is no list', { a: { $only: [] } }, { a: 'x' }, ['a']],
  ['a list that is none', { a: { $none: 1 } }, { a: 'x' }, ['a']],
])('differences: %s', (_what, expected, found, paths) => {
  expect(differences(expected, found).map(({ path }) => path)).toEqual(paths);
});
