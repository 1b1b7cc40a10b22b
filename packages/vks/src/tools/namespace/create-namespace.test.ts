import { expect, test } from 'vitest';
import { change, planOf, problemOf, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { createNamespace } from './create-namespace.js';
import { getNamespace } from './get-namespace.js';

const wanted = {
  name: 'team-a',
  cluster_id: 'domain-c8',
  storage_policy: 'gold',
  storage_limit_mib: 102_400,
  memory_limit_mib: 65_536,
  cpu_limit: 20_000,
  vm_classes: ['best-effort-medium'],
  content_libraries: ['kubernetes-releases'],
  owners: ['alice@vsphere.local'],
  editors: ['group:developers@corp.local'],
};

test('a namespace is made with everything a cluster needs, on the Supervisor that was named', async () => {
  await using at = await lab();
  expect(await change(at, createNamespace, wanted)).toMatchObject({
    namespace: 'team-a',
    status: 'created',
    cluster: 'domain-c8',
  });
  await at.advance(2_000);
  expect(await read(at, getNamespace, { name: 'team-a' })).toMatchObject({
    config_status: 'RUNNING',
    supervisor_name: 'supervisor-a',
    cpu_limit_mhz: 20_000,
    memory_limit_mib: 65_536,
    storage: [{ name: 'gold', limit_mib: 102_400 }],
    vm_classes: ['best-effort-medium'],
    content_libraries: [expect.stringMatching(/^2/)],
    access: [
      { subject: 'alice@vsphere.local', role: 'OWNER' },
      { subject: 'group:developers@corp.local', role: 'EDIT' },
    ],
  });
});

test('its plan says it in words, and warns when no cluster could be made in it', async () => {
  await using at = await lab();
  const { vm_classes: _, ...bare } = wanted;
  const { summary, changes } = await planOf(at, createNamespace, bare);
  expect(summary).toBe('Create the vSphere Namespace team-a on the Supervisor supervisor-a');
  expect(changes).toContain('storage policy gold, at most 102400 MiB');
  expect(changes.join()).toContain('no cluster or VM can be made in it until it has one');
});

test.each([
  [{ storage_policy: 'golf' }, 'storage policy golf; near it: gold'],
  [{ vm_classes: ['best-effort-medum'] }, 'near it: best-effort-medium'],
  [{ content_libraries: ['kubernetes-release'] }, 'near it: kubernetes-releases'],
  [{ editors: ['nobody'] }, '"nobody" names nobody'],
])('%j names nothing there is', async (wrong, said) => {
  await using at = await lab();
  const problem = await problemOf(at, createNamespace, { ...wanted, ...wrong });
  expect(problem.code).toBe('INVALID_INPUT');
  expect(problem.message).toContain(said);
});

test('a name that is taken, a Supervisor that is not ready and a zone it has not are blockers', async () => {
  await using at = await lab({
    supervisors: [
      { name: 'supervisor-a' },
      { name: 'supervisor-b' },
      { name: 'new', configStatus: 'CONFIGURING' },
    ],
  });
  expect((await planOf(at, createNamespace, { ...wanted, name: 'dev' })).blockers).toEqual([
    'There is a vSphere Namespace dev already, on this Supervisor.',
  ]);
  expect((await planOf(at, createNamespace, { ...wanted, cluster_id: 'new' })).blockers).toEqual([
    'The Supervisor new is CONFIGURING, not RUNNING.',
  ]);
  const { blockers } = await planOf(at, createNamespace, { ...wanted, zones: ['zone-9'] });
  expect(blockers).toEqual([
    'vCenter 8.0.3 gives namespaces no zones of their own: 9.0.0 does.',
    expect.stringContaining('has no zone zone-9'),
  ]);
});

test('a vCenter 9 takes zones', async () => {
  await using at = await lab({
    version: '9.0.0',
    supervisors: [{ name: 'supervisor-a', zones: ['zone-1', 'zone-2'] }],
  });
  expect(await at.change(createNamespace, { ...wanted, zones: ['zone-1'] })).toMatchObject({
    status: 'done',
  });
  await at.advance(2_000);
  expect(await read(at, getNamespace, { name: 'team-a' })).toMatchObject({ zones: ['zone-1'] });
});

test('an account that may not create one is told which privilege it lacks', async () => {
  const password = 'Simulated-1!';
  const looker = {
    username: 'looker@vsphere.local',
    password,
    privileges: ['System.Read', 'Namespaces.Manage'],
  };
  await using at = await lab({ users: [looker], as: looker });
  const preview = await at.call(createNamespace, wanted);
  const outcome = await at.agree(createNamespace, wanted, preview);
  expect(outcome).toMatchObject({ status: 'failed', code: 'NO_PERMISSION' });
  expect(at.sim.world.namespaces.has('team-a')).toBe(false);
});
