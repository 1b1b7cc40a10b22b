import { join } from 'node:path';
import { checkToolset } from '@vmware/policy/testing';
import { expect, test } from 'vitest';
import { nsxSecurity } from '../src/toolset.js';
import { changing, inputFor, inputs } from './changes.js';
import { changesAt, lab } from './lab.js';
import { planOf } from './refusals.js';

test('every card keeps the rules of the house', () => {
  expect(checkToolset(nsxSecurity, join(import.meta.dirname, '../src/tools'))).toEqual([]);
});

test('every changing tool has an input in this table', () => {
  expect(Object.keys(inputs).sort()).toEqual(changing.map(({ name }) => name).sort());
});

for (const tool of changing)
  test(`${tool.name}: a preview changes nothing, and what it shows is exactly what is then sent`, async () => {
    await using nsx = await lab();
    const input = await inputFor(tool, nsx);
    // A person is shown whole requests; a model would be shown their beginning.
    const surface = 'cli' as const;
    const preview = await nsx.call(tool, input, { surface });
    expect(preview).toMatchObject({ status: 'preview', plan: { blockers: [], unmeasured: [] } });
    expect(changesAt(nsx.sim)).toEqual([]);

    const { plan } = preview as Extract<typeof preview, { status: 'preview' }>;
    expect(plan.requests.length).toBeGreaterThan(0);
    expect(plan.blast_radius.objects.length).toBeGreaterThan(0);
    expect(await nsx.agree(tool, input, preview, { surface })).toMatchObject({ status: 'done' });
    expect(changesAt(nsx.sim)).toEqual(plan.requests);
  });

/** Repeated by somebody who does not know that it was done; a create, a delete and a trace are not. */
const settled = changing.filter(({ name }) => !/^(create_|delete_|run_|move_)/.test(name));

for (const tool of settled)
  test(`${tool.name}: what is so already is sent no second time`, async () => {
    await using nsx = await lab();
    const input = await inputFor(tool, nsx);
    await nsx.change(tool, input);
    const sent = changesAt(nsx.sim).length;
    expect(await planOf(nsx, tool, input)).toMatchObject({
      changes: [expect.stringMatching(/^nothing: /)],
      requests: [],
      blockers: [],
    });
    expect(await nsx.change(tool, input)).toMatchObject({ status: 'done' });
    expect(changesAt(nsx.sim)).toHaveLength(sent);
  });
