import { join } from 'node:path';
import { checkToolset } from '@vmware/policy/testing';
import { expect, test } from 'vitest';
import { vks } from '../src/toolset.js';
import { changing, inputFor, inputs } from './changes.js';
import { changesAt, lab } from './lab.js';

test('every card keeps the rules of the house', () => {
  expect(checkToolset(vks, join(import.meta.dirname, '../src/tools'))).toEqual([]);
});

test('every changing tool has an input in this table', () => {
  expect(Object.keys(inputs).sort()).toEqual(changing.map(({ name }) => name).sort());
});

for (const tool of changing)
  test(`${tool.name}: a preview changes nothing, and what it shows is exactly what is then sent`, async () => {
    await using at = await lab();
    const input = await inputFor(tool, at);
    // A person is shown whole requests; a model would be shown their beginning.
    const surface = 'cli' as const;
    const preview = await at.call(tool, input, { surface });
    expect(preview).toMatchObject({ status: 'preview', plan: { blockers: [], unmeasured: [] } });
    expect(changesAt(at.sim)).toEqual([]);

    const { plan } = preview as Extract<typeof preview, { status: 'preview' }>;
    expect(plan.requests.length).toBeGreaterThan(0);
    expect(plan.blast_radius.objects.length).toBeGreaterThan(0);
    expect(await at.agree(tool, input, preview, { surface })).toMatchObject({ status: 'done' });
    expect(changesAt(at.sim)).toEqual(plan.requests);
  });

/** What is so already is sent no second time; creates and deletes refuse instead. */
const settled = [
  'update_namespace',
  'grant_namespace_access',
  'scale_tkc_cluster',
  'upgrade_tkc_cluster',
];

for (const tool of changing.filter(({ name }) => settled.includes(name)))
  test(`${tool.name}: what is so already is sent no second time`, async () => {
    await using at = await lab();
    const input = await inputFor(tool, at);
    expect(await at.change(tool, input)).toMatchObject({ status: 'done' });
    const sent = changesAt(at.sim).length;
    const again = await at.call(tool, input);
    expect(again).toMatchObject({
      status: 'preview',
      plan: { changes: [expect.stringMatching(/^nothing: /)], requests: [], blockers: [] },
    });
    expect(await at.agree(tool, input, again)).toMatchObject({
      status: 'done',
      output: { status: 'no_changes' },
    });
    expect(changesAt(at.sim)).toHaveLength(sent);
  });

test('no request that any preview or read sends has a parameter the API server would ignore', async () => {
  await using at = await lab();
  for (const tool of changing) await at.call(tool, await inputFor(tool, at));
  expect(at.sim.kubeRequests.flatMap(({ strange }) => strange)).toEqual([]);
});
