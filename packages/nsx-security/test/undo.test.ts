import { takeBack } from '@vmware/policy/testing';
import { expect, test } from 'vitest';
import { changing, inputFor, type OnSim } from './changes.js';
import { changesAt, lab } from './lab.js';
import { mallory } from './refusals.js';
import { stateOf, thereAndBack } from './take-back.js';

/** Deletes, and what no single call puts back: there is no delete_service, and no snapshot of before a plan or restore. */
const forGood = [
  'apply_dfw_plan',
  'create_service',
  'delete_dfw_policy',
  'delete_dfw_rule',
  'delete_group',
  'restore_dfw',
  'run_traceflow',
];

for (const tool of changing.filter(({ name }) => !forGood.includes(name)))
  test(`${tool.name}: it is undone, and everything is as it was`, async () => {
    await using nsx = await lab();
    expect(await thereAndBack(nsx, tool, await inputFor(tool, nsx))).toBe(true);
  });

for (const tool of changing.filter(({ name }) => forGood.includes(name)))
  test(`${tool.name}: it says that it cannot be undone, and no inverse is recorded`, async () => {
    await using nsx = await lab();
    const input = await inputFor(tool, nsx);
    const preview = await nsx.call(tool, input);
    expect(preview).toMatchObject({ plan: { blast_radius: { reversible: false } } });
    expect(await nsx.agree(tool, input, preview)).toMatchObject({ status: 'done' });
    const intent = nsx.audit().findLast(({ phase }) => phase === 'intent');
    expect(intent?.body).toBeTypeOf('string');
    expect(intent?.body).not.toContain('"undo"');
  });

for (const tool of changing.filter(({ name }) =>
  /^(update|apply|remove|tag|add|restore)_/.test(name),
))
  test(`${tool.name}: what changes nothing has no inverse and is not called irreversible`, async () => {
    await using nsx = await lab();
    const input = await inputFor(tool, nsx);
    await nsx.change(tool, input);
    const before = nsx.audit().length;
    expect(await nsx.call(tool, input)).toMatchObject({
      plan: { requests: [], blast_radius: { reversible: true } },
    });
    expect(await nsx.change(tool, input)).toMatchObject({ status: 'done' });
    expect(JSON.stringify(nsx.audit().slice(before))).not.toContain('"undo');
  });

const domain = '/infra/domains/default';
const shop = `${domain}/security-policies/shop`;

/** Puts a rule of the policy shop elsewhere. */
const renumber = (nsx: OnSim, rule: string, sequence_number: number) =>
  mallory(nsx, `${shop}/rules/${rule}`, { sequence_number });

const untag = ({ sim }: OnSim, name: string, scope: string, tag: string) => {
  const vm = sim.world.fabric.vms().find(({ display_name }) => display_name === name);
  sim.world.fabric.removeTags(vm?.external_id ?? '', [{ scope, tag }]);
};

/** What somebody else does to the object between a change and its undoing. */
const since: Readonly<Record<string, readonly ((nsx: OnSim) => void)[]>> = {
  create_dfw_policy: [
    (nsx) => mallory(nsx, `${domain}/security-policies/billing`, { comments: 'Mine now' }),
  ],
  update_dfw_policy: [
    (nsx) => mallory(nsx, `${domain}/security-policies/isolate-test`, { sequence_number: 21 }),
  ],
  create_dfw_rule: [
    (nsx) => mallory(nsx, `${shop}/rules/health`, { action: 'DROP' }),
    (nsx) => mallory(nsx, `${shop}/rules/health`, { services: ['ANY'] }),
    (nsx) =>
      mallory(nsx, `${shop}/rules/health`, {
        source_groups: [`${domain}/groups/jump-hosts`, '10.0.0.1'],
      }),
    (nsx) => renumber(nsx, 'health', 77),
  ],
  update_dfw_rule: [
    (nsx) => mallory(nsx, `${shop}/rules/old-ftp`, { logged: false }),
    (nsx) => mallory(nsx, `${shop}/rules/old-ftp`, { rule_id: 999_999 }),
  ],
  move_dfw_rule: [
    (nsx) => renumber(nsx, 'web-in-again', 0),
    (nsx) => renumber(nsx, 'web-in', 9_999),
    ({ sim }) => sim.world.objects.remove(`${shop}/rules/never`),
  ],
  create_group: [(nsx) => mallory(nsx, `${domain}/groups/partners`, { expression: [] })],
  update_group: [(nsx) => mallory(nsx, `${domain}/groups/corporate`, { expression: [] })],
  apply_vm_tag: [(nsx) => untag(nsx, 'scratch-01', 'tier', 'web')],
  remove_vm_tag: [
    ({ sim: { world } }) => {
      const vm = world.fabric.vms().find(({ display_name }) => display_name === 'dns-01');
      world.fabric.addTags(vm?.external_id ?? '', [{ scope: 'role', tag: 'dns' }]);
    },
  ],
  tag_vms: [(nsx) => untag(nsx, 'app-02', 'backup', 'night')],
  add_dfw_exclusion: [
    (nsx) => mallory(nsx, '/infra/settings/firewall/security/exclude-list', { members: [] }),
  ],
  remove_dfw_exclusion: [
    (nsx) =>
      mallory(nsx, '/infra/settings/firewall/security/exclude-list', {
        members: [`${domain}/groups/excluded-appliances`],
      }),
  ],
};

test('every tool that can be undone is met by somebody who was there since', () => {
  const undone = changing.map(({ name }) => name).filter((name) => !forGood.includes(name));
  expect(Object.keys(since).sort()).toEqual(undone.sort());
});

for (const tool of changing)
  for (const [nth, meddle] of (since[tool.name] ?? []).entries())
    test(`${tool.name}: what was changed since is left as it is (${nth + 1})`, async () => {
      await using nsx = await lab();
      let meddled: unknown;
      let sent: readonly string[] = [];
      const taken = await takeBack(nsx, tool, await inputFor(tool, nsx), () => {
        meddle(nsx);
        meddled = stateOf(nsx.sim);
        sent = changesAt(nsx.sim);
      });
      expect(taken?.undone).toMatchObject({
        status: 'refused',
        code: 'CONFLICT',
        message: expect.stringContaining('changed since'),
      });
      expect(changesAt(nsx.sim)).toEqual(sent);
      expect(stateOf(nsx.sim)).toEqual(meddled);
    });
