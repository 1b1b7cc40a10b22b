import { expect, test } from 'vitest';
import { bodyOf, lab } from '../../test/lab.js';

test('a dry run is the default: it shows the plan and sends nothing that changes', async () => {
  await using at = await lab();
  const outcome = await at.call(at.tools.raiseCounter, { name: 'red', by: 2 });
  expect(outcome).toMatchObject({
    status: 'preview',
    plan: {
      requests: ['POST counter:red'],
      blast_radius: { total: 1 },
      blockers: [],
      unmeasured: [],
    },
    consent: expect.stringMatching(/^c1\./),
    hint: expect.stringContaining('dry_run=false'),
  });
  expect(at.target.changes()).toEqual([]);
  expect(at.audit()).toMatchObject([{ phase: 'preview', status: 'preview' }]);
});

test.each([
  ['blocked', { locked: true }, 'BLOCKED', 'red is locked.'],
  ['unmeasured', { value: null }, 'UNMEASURED', 'Unknown: the value of the counter'],
])(
  'a change that is %s is shown without a consent, and refused when asked for',
  async (_how, state, code, why) => {
    await using at = await lab();
    Object.assign(at.target.counters.get('red') ?? {}, state);
    const preview = await at.call(at.tools.raiseCounter, { name: 'red' });
    expect(preview).toMatchObject({ status: 'preview' });
    expect(preview).not.toHaveProperty('consent');
    const refused = await at.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false });
    expect(refused).toMatchObject({
      status: 'refused',
      by: 'plan',
      code,
      message: expect.stringContaining(why),
    });
    expect(at.target.changes()).toEqual([]);
    expect(at.audit()).toMatchObject([{ phase: 'preview' }, { phase: 'denied' }]);
    expect(bodyOf(at.audit()[1])).toMatchObject({ error: { code } });
  },
);

test('a plan that cannot be made fails and changes nothing', async () => {
  await using at = await lab();
  at.target.mood = 'broken';
  expect(await at.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false })).toMatchObject({
    status: 'failed',
    code: 'INTERNAL',
  });
  expect(at.target.changes()).toEqual([]);
});
