import { expect, test } from 'vitest';
import { change, read } from '../../../test/answer.js';
import { folder } from '../../../test/files.js';
import { lab, labOn } from '../../../test/lab.js';
import { createGroup } from '../group/create-group.js';
import { updateDfwRule } from '../rule/update-dfw-rule.js';
import { diffDfw } from './diff-dfw.js';
import { snapshotDfw } from './snapshot-dfw.js';

test('tells what changed since a snapshot, field by field', async () => {
  await using nsx = await lab();
  using files = folder();
  const { file } = await read(nsx, snapshotDfw, { file: files.path('before') });
  await change(nsx, updateDfwRule, {
    policy_id: 'shop',
    rule_id: 'web-in',
    sources: ['corporate'],
  });
  await change(nsx, createGroup, { group_id: 'new', display_name: 'New' });
  const { items } = await read(nsx, diffDfw, { before: file });
  expect(items).toEqual([
    expect.objectContaining({ change: 'added', type: 'group', display_name: 'New' }),
    {
      change: 'changed',
      type: 'rule',
      display_name: 'web-in',
      path: '/infra/domains/default/security-policies/shop/rules/web-in',
      fields: [
        {
          field: 'source_groups',
          before: '["ANY"]',
          after: '["/infra/domains/default/groups/corporate"]',
        },
      ],
    },
  ]);
});

test('compares two files without a manager', async () => {
  await using nsx = await lab();
  using files = folder();
  const [a, b] = [files.path('a'), files.path('b')];
  await read(nsx, snapshotDfw, { file: a });
  await change(nsx, createGroup, { group_id: 'new', display_name: 'New' });
  await read(nsx, snapshotDfw, { file: b });
  await using nowhere = labOn({ ...nsx.sim, port: 1 });
  const before = nsx.sim.requests.length;
  const { items } = await read(nowhere, diffDfw, { before: a, after: b });
  expect(items.map(({ change: what, path }) => `${what} ${path}`)).toEqual([
    'added /infra/domains/default/groups/new',
  ]);
  expect(nsx.sim.requests).toHaveLength(before);
});

test('compares two managers', async () => {
  await using one = await lab();
  await using two = await lab();
  await using both = labOn(one.sim, {
    more: `  dr: {host: ${two.sim.host}, port: ${two.sim.port}, username: admin, thumbprint: '${two.sim.thumbprint}', environment: lab}\n`,
  });
  await change(two, createGroup, { group_id: 'only-there', display_name: 'Only there' });
  const { items } = await read(both, diffDfw, { other_target: 'dr' });
  expect(items.map(({ change: what, path }) => `${what} ${path}`)).toEqual([
    'added /infra/domains/default/groups/only-there',
  ]);
});

test('a target that is not configured is said', async () => {
  await using nsx = await lab();
  expect(await nsx.call(diffDfw, { other_target: 'nope' })).toMatchObject({
    code: 'UNKNOWN_TARGET',
  });
});
