import { expect, test } from 'vitest';
import { as, byHuman, lab } from '../../test/lab.js';
import { precious } from '../../test/toolset.js';

const consentOf = (level: string) =>
  `version: 1\ndefault: {write: permit, consent: {medium: ${level}, critical: ${level}}}\n`;
const go = { dryRun: false } as const;

test('with level none even something destructive runs without being confirmed', async () => {
  await using at = await lab({ rules: consentOf('none') });
  expect(await at.call(at.tools.resetCounter, { name: 'red' }, go)).toMatchObject({
    status: 'done',
  });
});

test('with level flag a write runs on dry_run=false, and what destroys is shown again without confirmed', async () => {
  await using at = await lab();
  expect(await at.call(at.tools.raiseCounter, { name: 'red' }, go)).toMatchObject({
    status: 'done',
  });
  const shown = await at.call(at.tools.resetCounter, { name: 'red' }, go);
  expect(shown).toMatchObject({
    status: 'preview',
    hint: expect.stringContaining('confirmed=true'),
  });
  expect(at.target.changes()).toHaveLength(1);
  expect(
    await at.call(at.tools.resetCounter, { name: 'red' }, { ...go, confirmed: true }),
  ).toMatchObject({
    status: 'done',
    output: { value: 0 },
  });
});

test('with level seal a change without the seal of a preview is shown, and with it is done', async () => {
  await using at = await lab();
  const how = { ...go, confirmed: true };
  const shown = await at.call(at.tools.deleteCounter, { name: 'red' }, how);
  expect(shown).toMatchObject({ status: 'preview', hint: expect.stringContaining('this consent') });
  expect(at.target.changes()).toEqual([]);
  expect(await at.agree(at.tools.deleteCounter, { name: 'red' }, shown)).toMatchObject({
    status: 'done',
  });
  expect(at.target.changes()).toMatchObject([{ method: 'DELETE', name: 'red' }]);
});

test('what is high or critical on production needs a seal where a lab needs a flag', async () => {
  await using at = await lab({
    rules:
      'version: 1\ndefault: {write: permit}\nrules:\n  - {id: prod, effect: require, targets: {environments: [prod*]}, obligations: {consent: seal}}\n',
  });
  expect(await at.call(at.tools.raiseCounter, { name: 'red' }, go)).toMatchObject({
    status: 'done',
  });
  expect(
    await at.call(at.tools.raiseCounter, { name: 'red' }, { ...go, target: 'prod' }),
  ).toMatchObject({
    status: 'preview',
  });
  expect(at.target.changes()).toHaveLength(1);
});

test('a plan that changed since it was shown is shown again and not carried out', async () => {
  await using at = await lab();
  const preview = await at.call(at.tools.deleteCounter, { name: 'red' });
  at.target.counters.set('red', { value: 7, note: '', locked: false });
  const again = await at.agree(at.tools.deleteCounter, { name: 'red' }, preview);
  expect(again).toMatchObject({ status: 'preview', plan: { changes: ['red is 7'] } });
  expect(again).toMatchObject({ hint: expect.stringContaining('was given for another plan') });
  expect(at.target.changes()).toEqual([]);
  expect(await at.agree(at.tools.deleteCounter, { name: 'red' }, again)).toMatchObject({
    status: 'done',
  });
});

test('with level human a client that cannot ask is told to have a person approve, seal or no seal', async () => {
  await using at = await lab({ rules: consentOf('human') });
  const preview = await at.call(at.tools.raiseCounter, { name: 'red' });
  expect(preview).toMatchObject({
    status: 'preview',
    hint: expect.stringContaining('a person will be asked'),
  });
  for (const outcome of [
    await at.agree(at.tools.raiseCounter, { name: 'red' }, preview),
    await at.call(at.tools.raiseCounter, { name: 'red' }, { ...go, confirmed: true }),
  ])
    expect(outcome).toMatchObject({
      status: 'refused',
      by: 'consent',
      code: 'AWAITING_APPROVAL',
      remedy: expect.stringContaining('vmware-audit approve '),
    });
  expect(at.target.changes()).toEqual([]);
});

test('with level human a client that can ask gets a question, and its answer is a consent', async () => {
  await using at = await lab({ rules: consentOf('human') });
  const question = await at.call(
    at.tools.resetCounter,
    { name: 'red' },
    { ...go, confirmed: true, canAsk: true },
  );
  expect(question).toMatchObject({ status: 'question', plan: { summary: 'Reset red ()' } });
  expect(at.target.changes()).toEqual([]);
  const how = { ...go, canAsk: true, consent: byHuman(question) };
  expect(await at.call(at.tools.resetCounter, { name: 'red' }, how)).toMatchObject({
    status: 'done',
  });
  expect(at.audit().map(({ phase, status }) => `${phase} ${status}`)).toEqual([
    'preview asked',
    'intent pending',
    'outcome ok',
  ]);
});

test('the seal of a preview handed in as the answer of a person is refused', async () => {
  await using at = await lab({ rules: consentOf('human') });
  const preview = as('preview', await at.call(at.tools.raiseCounter, { name: 'red' }));
  const consent = { seal: preview.consent ?? '', by: 'human' as const };
  const outcome = await at.call(
    at.tools.raiseCounter,
    { name: 'red' },
    { ...go, canAsk: true, consent },
  );
  expect(outcome).toMatchObject({
    status: 'preview',
    hint: expect.stringContaining('was not given by the one who was asked'),
  });
  expect(at.target.changes()).toEqual([]);
});

test('with level second_person the person who asks cannot consent', async () => {
  await using at = await lab({ rules: consentOf('human') });
  const question = await at.call(at.tools.raiseCounter, { name: 'red' }, { ...go, canAsk: true });
  at.rules(consentOf('second_person'));
  const ask = (how: object) =>
    at.call(at.tools.raiseCounter, { name: 'red' }, { ...go, canAsk: true, ...how });
  for (const how of [{}, { canAsk: false, confirmed: true }])
    expect(await ask(how)).toMatchObject({
      code: 'APPROVALS_UNSAFE',
      message: expect.stringContaining('nobody else can write'),
    });
  expect(await ask({ consent: byHuman(question) })).toMatchObject({ status: 'preview' });
  expect(at.target.changes()).toEqual([]);
});

test('a person who said no is not asked again and nothing is changed', async () => {
  await using at = await lab({ rules: consentOf('human') });
  const outcome = await at.call(
    at.tools.raiseCounter,
    { name: 'red' },
    { ...go, canAsk: true, declined: true },
  );
  expect(outcome).toMatchObject({ status: 'refused', by: 'consent', code: 'DECLINED' });
  expect(at.target.changes()).toEqual([]);
  expect(at.audit()).toMatchObject([{ phase: 'denied', status: 'denied' }]);
});

test('a rule about the size of a change is judged once the size is known', async () => {
  await using at = await lab({
    rules:
      'version: 1\ndefault: {write: permit}\nrules:\n  - {id: one-is-too-many, effect: forbid, effects: [write], when: {blast_radius: {min: 1}}}\n',
  });
  expect(await at.call(at.tools.raiseCounter, { name: 'red' }, go)).toMatchObject({
    status: 'refused',
    by: 'rules',
    rule: 'one-is-too-many',
    where: expect.stringMatching(/^rules\.yaml:4:/),
  });
  expect(at.target.changes()).toEqual([]);
  expect(at.audit()).toMatchObject([
    { phase: 'denied', decision: 'deny', rule: 'one-is-too-many' },
  ]);
});

test('a plan that insists on a person gets one, whatever the rules leave to a flag', async () => {
  await using at = await lab({ rules: consentOf('none') });
  const red = at.target.counters.get('red');
  if (red) red.note = precious;
  const how = { ...go, confirmed: true };
  expect(await at.call(at.tools.resetCounter, { name: 'red' }, how)).toMatchObject({
    status: 'refused',
    code: 'AWAITING_APPROVAL',
  });
  const asked = await at.call(at.tools.resetCounter, { name: 'red' }, { ...how, canAsk: true });
  expect(at.target.changes()).toEqual([]);
  expect(
    await at.call(
      at.tools.resetCounter,
      { name: 'red' },
      { ...how, canAsk: true, consent: byHuman(asked) },
    ),
  ).toMatchObject({ status: 'done' });
});

test('of calls for what may be done once, one does it and the others are told', async () => {
  await using at = await lab();
  const how = { surface: 'cli', target: 'lab', confirmed: true, once: 'undo:1:0', ...go } as const;
  const reset = (once = 'undo:1:0') =>
    at.governed.answer('reset_counter', { name: 'red' }, { ...how, once });
  const ends = await Promise.all(Array.from({ length: 8 }, () => reset()));
  expect(ends.filter((end) => end?.status === 'done')).toHaveLength(1);
  expect(ends.filter((end) => end?.status === 'refused')).toEqual(
    Array(7).fill({
      status: 'refused',
      by: 'consent',
      code: 'CONFLICT',
      message: 'Somebody else is making this very change at this moment. Nothing was changed here.',
      remedy: 'Run `vmware-audit log --last 5` to see what they did.',
    }),
  );
  expect(at.target.changes()).toHaveLength(1);
  expect(await reset('undo:1:1')).toMatchObject({ status: 'done' });
});
