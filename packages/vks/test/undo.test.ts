import { takeBack } from '@vmware/policy/testing';
import { expect, test } from 'vitest';
import { getSupervisorKubeconfig } from '../src/tools/kubeconfig/get-supervisor-kubeconfig.js';
import { getTkcKubeconfig } from '../src/tools/kubeconfig/get-tkc-kubeconfig.js';
import { type AnyTool, changing, type Input, inputFor } from './changes.js';
import { changesAt, type Lab, lab } from './lab.js';
import { changeCluster, makeAnew, stateOf, thereAndBack } from './take-back.js';

/** Whatever ends machines, or what is on their disks, ends them for good. */
const forGood = [
  'delete_namespace',
  'delete_tkc_cluster',
  'remove_node_pool',
  'upgrade_tkc_cluster',
];

for (const tool of changing.filter(({ name }) => !forGood.includes(name)))
  test(`${tool.name}: it is undone, and everything is as it was`, async () => {
    await using at = await lab();
    expect(await thereAndBack(at, tool, await inputFor(tool, at))).toBe(true);
  });

/** Says beforehand that it is for good, and leaves no inverse in the log. */
async function expectForGood(at: Lab, tool: AnyTool, input: Input) {
  const preview = await at.call(tool, input as never);
  expect(preview).toMatchObject({ plan: { blast_radius: { reversible: false } } });
  expect(await at.agree(tool, input as never, preview)).toMatchObject({ status: 'done' });
  const intent = at.audit().findLast(({ phase }) => phase === 'intent');
  expect(intent?.body).toContain('"plan"');
  expect(intent?.body).not.toContain('"undo"');
}

for (const tool of changing.filter(({ name }) => forGood.includes(name)))
  test(`${tool.name}: it says that it cannot be undone, and no inverse is recorded`, async () => {
    await using at = await lab();
    await expectForGood(at, tool, await inputFor(tool, at));
  });

for (const [tool, input] of [
  [getTkcKubeconfig, { name: 'web', namespace: 'dev' }],
  [getSupervisorKubeconfig, { namespace: 'dev' }],
] as const)
  test(`${tool.name}: a credential that was handed over is in no inverse`, async () => {
    await using at = await lab();
    await expectForGood(at, tool, input);
  });

for (const tool of changing.filter(({ name }) => /^(update|grant|scale|upgrade)_/.test(name)))
  test(`${tool.name}: what changes nothing has no inverse and is not called irreversible`, async () => {
    await using at = await lab();
    const input = await inputFor(tool, at);
    await at.change(tool, input);
    const before = at.audit().length;
    expect(await at.call(tool, input)).toMatchObject({
      plan: { requests: [], blast_radius: { reversible: true } },
    });
    expect(await at.change(tool, input)).toMatchObject({ status: 'done' });
    expect(JSON.stringify(at.audit().slice(before))).not.toContain('"undo');
  });

const namespace = ({ sim }: Lab, name: string, fields: Input) =>
  Object.assign(sim.world.namespaces.get(name) ?? {}, fields);

const somebody = {
  subject_type: 'USER',
  subject: 'mallory',
  domain: 'vsphere.local',
  role: 'EDIT',
} as const;

const developer = { ...somebody, subject: 'developer' } as const;

/** What somebody else does to the object between a change and its undoing. */
const since: Readonly<Record<string, readonly ((at: Lab) => void)[]>> = {
  create_namespace: [
    (at) => namespace(at, 'team-a', { resourceSpec: {} }),
    (at) => namespace(at, 'team-a', { accessList: [somebody] }),
    (at) => {
      const { accessList = [] } = at.sim.world.namespaces.get('team-a') ?? {};
      namespace(at, 'team-a', { accessList: [...accessList, somebody] });
    },
    (at) => namespace(at, 'team-a', { description: 'Mine now' }),
  ],
  update_namespace: [
    (at) => namespace(at, 'prod', { resourceSpec: { cpu_limit: 120_000, memory_limit: 700_000 } }),
    (at) => namespace(at, 'prod', { vmClasses: ['guaranteed-medium'] }),
  ],
  grant_namespace_access: [
    (at) => namespace(at, 'edge', { accessList: [] }),
    (at) =>
      namespace(at, 'edge', { accessList: [{ ...somebody, subject: 'operator', role: 'VIEW' }] }),
  ],
  revoke_namespace_access: [(at) => namespace(at, 'edge', { accessList: [developer] })],
  create_tkc_cluster: [
    (at) => changeCluster(at, 'new', '"replicas":2', '"replicas":7'),
    (at) =>
      changeCluster(at, 'new', '"controlPlane":{"replicas":1}', '"controlPlane":{"replicas":3}'),
  ],
  scale_tkc_cluster: [
    (at) =>
      changeCluster(at, 'web', '"name":"workers","replicas":4', '"name":"workers","replicas":9'),
    (at) => makeAnew(at, 'web'),
  ],
  add_node_pool: [
    (at) => changeCluster(at, 'web', 'max-size":"3"', 'max-size":"5"'),
    (at) => makeAnew(at, 'web'),
  ],
};

test('every tool that can be undone is met by somebody who was there since', () => {
  const undone = changing.map(({ name }) => name).filter((name) => !forGood.includes(name));
  expect(Object.keys(since).sort()).toEqual(undone.sort());
});

for (const tool of changing)
  for (const [nth, meddle] of (since[tool.name] ?? []).entries())
    test(`${tool.name}: what was changed since is left as it is (${nth + 1})`, async () => {
      await using at = await lab();
      let meddled: unknown;
      let sent: readonly string[] = [];
      const taken = await takeBack(at, tool, await inputFor(tool, at), () => {
        meddle(at);
        meddled = stateOf(at.sim);
        sent = changesAt(at.sim);
      });
      expect(taken?.undone).toMatchObject({
        status: 'refused',
        code: 'CONFLICT',
        message: expect.stringContaining('changed since'),
      });
      expect(changesAt(at.sim)).toEqual(sent);
      expect(stateOf(at.sim)).toEqual(meddled);
    });
