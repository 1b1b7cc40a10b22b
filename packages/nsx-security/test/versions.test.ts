import { expect, test } from 'vitest';
import { changing, inputFor } from './changes.js';
import { lab } from './lab.js';
import { readInputs, reading } from './reads.js';

/** The oldest and the newest that are supported; everything else in the tests is 4.2. */
const versions = ['3.2.4', '9.0.1'];

test.each(versions)('every tool that reads works on NSX %s', async (version) => {
  await using nsx = await lab({ version });
  const inputs = readInputs(nsx, '');
  for (const tool of reading) {
    // Needs a trace that is still there; run_traceflow reads its own in the same way.
    if (tool.name === 'get_traceflow_result') continue;
    const outcome = await nsx.call(tool, inputs[tool.name] as never);
    expect(outcome, tool.name).toMatchObject({ status: 'done' });
  }
});

test.each(versions)('every tool that changes works on NSX %s', async (version) => {
  for (const tool of changing) {
    await using nsx = await lab({ version });
    expect(await nsx.change(tool, await inputFor(tool, nsx)), tool.name).toMatchObject({
      status: 'done',
    });
  }
});

test('a project on a manager that has none is said as NSX says it', async () => {
  await using nsx = await lab({ version: '3.2.4' });
  const [list] = reading.filter(({ name }) => name === 'list_dfw_policies');
  if (!list) throw new Error('there is no list_dfw_policies');
  expect(await nsx.call(list, { nsx_scope: 'project:shop-project' } as never)).toMatchObject({
    code: 'NOT_FOUND',
    remedy: expect.stringContaining('nsx_scope'),
  });
});
