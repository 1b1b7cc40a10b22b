import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { change, read } from '../../../test/answer.js';
import { folder } from '../../../test/files.js';
import { changesAt, lab } from '../../../test/lab.js';
import { addDfwExclusion } from '../exclusion/add-dfw-exclusion.js';
import { createGroup } from '../group/create-group.js';
import { deleteGroup } from '../group/delete-group.js';
import { updateGroup } from '../group/update-group.js';
import { createDfwPolicy } from '../policy/create-dfw-policy.js';
import { updateDfwPolicy } from '../policy/update-dfw-policy.js';
import { createDfwRule } from '../rule/create-dfw-rule.js';
import { deleteDfwRule } from '../rule/delete-dfw-rule.js';
import { updateDfwRule } from '../rule/update-dfw-rule.js';
import { diffDfw } from './diff-dfw.js';
import { restoreDfw } from './restore-dfw.js';
import { snapshotDfw } from './snapshot-dfw.js';

async function taken(files: { path(name: string): string }, options = {}) {
  const nsx = await lab(options);
  const { file } = await read(nsx, snapshotDfw, { file: files.path('before') });
  return { nsx, file };
}

test('sends nothing when nothing differs', async () => {
  using files = folder();
  const { nsx, file } = await taken(files);
  await using _ = nsx;
  expect(await nsx.call(restoreDfw, { snapshot: file })).toMatchObject({
    plan: { changes: ['nothing: it is as in the snapshot already'], requests: [], blockers: [] },
  });
});

test('puts back what was changed, made and deleted, in one transaction, and touches nothing else', async () => {
  using files = folder();
  const { nsx, file } = await taken(files);
  await using _ = nsx;
  await change(nsx, updateDfwRule, { policy_id: 'shop', rule_id: 'web-in', logged: true });
  await change(nsx, deleteDfwRule, { policy_id: 'shop', rule_id: 'app-to-db' });
  await change(nsx, createGroup, { group_id: 'extra', display_name: 'Extra' });
  await change(nsx, createDfwPolicy, { policy_id: 'extra', display_name: 'Extra' });
  await change(nsx, createDfwRule, {
    policy_id: 'extra',
    rule_id: 'one',
    display_name: 'One',
    sources: ['extra'],
  });
  await change(nsx, updateDfwPolicy, { policy_id: 'shop', sequence_number: 33 });
  await change(nsx, updateGroup, { group_id: 'corporate', add_ip_addresses: ['10.9.9.9'] });
  await change(nsx, deleteGroup, { group_id: 'empty-old' });
  await change(nsx, addDfwExclusion, { group_id: 'jump-hosts' });
  const untouched = nsx.sim.world.objects.get('/infra/domains/default/groups/web-servers');
  const before = changesAt(nsx.sim).length;

  const answer = await change(nsx, restoreDfw, { snapshot: file });

  expect(answer).toMatchObject({ differences_left: 0, removed: 2 });
  const sent = changesAt(nsx.sim).slice(before);
  expect(sent.map((request) => request.split(' ').slice(0, 2).join(' ')).sort()).toEqual([
    'PATCH /policy/api/v1/infra?enforce_revision_check=true',
    'PUT /policy/api/v1/infra/settings/firewall/security/exclude-list',
  ]);
  expect((await read(nsx, diffDfw, { before: file })).items).toEqual([]);
  expect(nsx.sim.world.objects.get('/infra/domains/default/groups/web-servers')).toEqual(untouched);
  expect(
    nsx.sim.world.objects.get('/infra/domains/default/security-policies/extra'),
  ).toBeUndefined();
});

test('somebody who changes a rule between preview and consent is not overwritten', async () => {
  using files = folder();
  const { nsx, file } = await taken(files);
  await using _ = nsx;
  await change(nsx, updateDfwRule, { policy_id: 'shop', rule_id: 'web-in', logged: true });
  const preview = await nsx.call(restoreDfw, { snapshot: file });
  await change(nsx, updateDfwRule, { policy_id: 'shop', rule_id: 'web-in', disabled: true });
  const again = await nsx.agree(restoreDfw, { snapshot: file }, preview);
  expect(again).toMatchObject({ status: 'preview', hint: expect.stringContaining('another plan') });
  expect(
    nsx.sim.world.objects.get('/infra/domains/default/security-policies/shop/rules/web-in'),
  ).toMatchObject({ disabled: true, logged: true });
});

test('a locked policy that differs stops the whole restore', async () => {
  using files = folder();
  const { nsx, file } = await taken(files);
  await using _ = nsx;
  const text = readFileSync(file, 'utf8').replace(
    '"display_name": "pci-locked"',
    '"display_name": "PCI"',
  );
  const edited = files.path('edited.json');
  writeFileSync(edited, text);
  expect(
    await nsx.change(restoreDfw, { snapshot: edited }).catch((error: Error) => error.message),
  ).toContain('pci-locked is locked by admin2');
  expect(changesAt(nsx.sim)).toEqual([]);
});

test.each([
  ['a file that is none', '{"format": "something"}', 'INVALID_INPUT'],
  ['no JSON', 'secret: hunter2', 'INVALID_INPUT'],
  ['a snapshot of another scope', undefined, 'INVALID_INPUT'],
])('%s is refused without being quoted', async (_what, text, code) => {
  using files = folder();
  const { nsx, file } = await taken(files);
  await using _ = nsx;
  const edited = files.path('edited.json');
  writeFileSync(
    edited,
    text ??
      readFileSync(file, 'utf8').replace('"nsx_scope": "default"', '"nsx_scope": "project:x"'),
  );
  const outcome = await nsx.call(restoreDfw, { snapshot: edited });
  expect(outcome).toMatchObject({ code });
  expect(JSON.stringify(outcome)).not.toContain('hunter2');
});
