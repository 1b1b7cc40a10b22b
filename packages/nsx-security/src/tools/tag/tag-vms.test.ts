import { expect, test } from 'vitest';
import { change, read } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import { expectBlocked, expectRole, expectStopped, planOf } from '../../../test/refusals.js';
import { listVmTags } from './list-vm-tags.js';
import { tagVms } from './tag-vms.js';

const input = { tag_value: 'night', tag_scope: 'backup', add: ['web-01', 'web-02'] };

const tagsOf = async (nsx: Awaited<ReturnType<typeof lab>>, vm_display_name: string) =>
  (await read(nsx, listVmTags, { vm_display_name })).tags.map(
    ({ scope, tag }) => `${scope}|${tag}`,
  );

test('tags many VMs with one request and waits until NSX has done it', async () => {
  await using nsx = await lab();
  expect(await change(nsx, tagVms, input)).toEqual({
    operation_id: expect.stringMatching(/^vmware-tag-[0-9a-f]{16}$/),
    status: 'SUCCESS',
    tagged: 2,
    untagged: 0,
    failed: [],
  });
  for (const name of ['web-01', 'web-02'])
    expect(await tagsOf(nsx, name)).toEqual(['app|shop', 'tier|web', 'backup|night']);
  expect(changesAt(nsx.sim)).toHaveLength(1);
});

test('adds and removes in the same operation', async () => {
  await using nsx = await lab();
  await change(nsx, tagVms, { ...input, add: ['web-01'] });
  expect(
    await change(nsx, tagVms, { ...input, add: ['web-02'], remove: ['web-01'] }),
  ).toMatchObject({ tagged: 1, untagged: 1, failed: [] });
  expect(await tagsOf(nsx, 'web-01')).not.toContain('backup|night');
  expect(await tagsOf(nsx, 'web-02')).toContain('backup|night');
});

test('a glob takes every VM whose name matches, each once, and no Edge node', async () => {
  await using nsx = await lab();
  const plan = await planOf(nsx, tagVms, {
    tag_value: 'all',
    add: ['web-01'],
    add_matching: '*e*-0*',
  });
  const names = plan.blast_radius.objects.slice(1).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('web-06');
  expect(names).not.toContain('edge-01');
  expect(plan.blast_radius.total).toBe(names.length);
});

test('only VMs that are not so already are part of it', async () => {
  await using nsx = await lab();
  await change(nsx, tagVms, { ...input, add: ['web-01'] });
  expect(await planOf(nsx, tagVms, input)).toMatchObject({
    summary: 'Tag 1 VMs with backup|night and untag 0',
    changes: ['add backup|night to web-02'],
    blast_radius: { total: 1 },
  });
  expect(
    await planOf(nsx, tagVms, { ...input, add: ['web-01'], remove: ['web-03'] }),
  ).toMatchObject({ changes: ['nothing: every VM is as asked already'], requests: [] });
});

test('the same VM cannot be tagged and untagged', async () => {
  await using nsx = await lab();
  await expectBlocked(
    nsx,
    tagVms,
    { ...input, remove: ['web-01'] },
    'web-01 is to be tagged and untagged at once.',
  );
});

test('nothing named, an unknown VM, a name of two and a bar are refused', async () => {
  await using nsx = await lab();
  const rest = { tag_value: 'night' };
  await expectStopped(nsx, tagVms, rest, 'INVALID_INPUT');
  await expectStopped(nsx, tagVms, { ...rest, add_matching: 'nothing-*' }, 'INVALID_INPUT');
  await expectStopped(nsx, tagVms, { ...rest, add: ['web-99'] }, 'NOT_FOUND');
  await expectStopped(nsx, tagVms, { ...rest, add: ['db-01'] }, 'AMBIGUOUS');
  await expectStopped(nsx, tagVms, { tag_value: 'a|b', add: ['web-01'] }, 'INVALID_INPUT');
});

test('it destroys: without confirmed=true it is only shown', async () => {
  await using nsx = await lab();
  expect(await nsx.call(tagVms, input, { dryRun: false })).toMatchObject({ status: 'preview' });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('when its state cannot be read it may have happened, and the command to look with is quoted', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({
    match: { method: 'GET /policy/api/v1/infra/tags/tag-operations/{}/status' },
    times: Number.POSITIVE_INFINITY,
    then: { status: 500 },
  });
  const outcome = await nsx.change(tagVms, { ...input, tag_value: "night; rm -rf ~ 'x'" });
  expect(outcome).toMatchObject({
    status: 'unknown',
    details: {
      check: `vmware-nsx-security tag find 'night; rm -rf ~ '\\''x'\\''' --tag-scope backup`,
    },
  });
});

test('the role security_engineer is needed', () => expectRole(tagVms, input));
