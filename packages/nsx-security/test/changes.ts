import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tool } from '@vmware/policy';
import type { NsxSimulation, PolicyObject } from '@vmware/simulators';
import type { NsxClients } from '../src/define.js';
import type { Snapshot } from '../src/dfw/snapshot.js';
import { snapshotDfw } from '../src/tools/snapshot/snapshot-dfw.js';
import { nsxSecurity } from '../src/toolset.js';
import { read } from './answer.js';
import type { Lab } from './lab.js';

export type AnyTool = Tool<NsxClients>;
export type Input = Readonly<Record<string, unknown>>;
export type OnSim = Lab & { readonly sim: NsxSimulation };

/** An input for every changing tool, on objects of the estate `lab` that allow the change; no two touch the same one. */
export const inputs: Readonly<Record<string, Input | ((nsx: OnSim) => Promise<Input>)>> = {
  create_dfw_policy: { policy_id: 'billing', display_name: 'Billing' },
  update_dfw_policy: { policy_id: 'isolate-test', sequence_number: 20 },
  delete_dfw_policy: async (nsx) => {
    emptyPolicy(nsx, 'retired');
    return { policy_id: 'retired' };
  },
  create_dfw_rule: {
    policy_id: 'shop',
    rule_id: 'health',
    display_name: 'Health checks',
    sources: ['jump-hosts'],
    destinations: ['web-servers', '10.10.1.0/24'],
    services: ['HTTPS'],
  },
  update_dfw_rule: { policy_id: 'shop', rule_id: 'old-ftp', logged: true, sources: ['corporate'] },
  delete_dfw_rule: { policy_id: 'shop', rule_id: 'never' },
  move_dfw_rule: {
    policy_id: 'shop',
    rule_id: 'web-in-again',
    position: 'before',
    anchor: 'web-to-app',
  },
  create_group: { group_id: 'partners', display_name: 'Partners', ip_addresses: ['198.51.100.7'] },
  update_group: { group_id: 'corporate', add_ip_addresses: ['203.0.113.7'] },
  delete_group: { group_id: 'empty-old' },
  apply_vm_tag: { vm_id: 'scratch-01', tag_scope: 'tier', tag_value: 'web' },
  remove_vm_tag: { vm_id: 'dns-01', tag_scope: 'role', tag_value: 'dns' },
  tag_vms: { tag_value: 'night', tag_scope: 'backup', add: ['app-01', 'app-02'] },
  add_dfw_exclusion: { group_id: 'quarantine' },
  remove_dfw_exclusion: { group_id: 'excluded-appliances' },
  create_service: { service_id: 'metrics', display_name: 'Metrics', entries: ['TCP:9090-9091'] },
  run_traceflow: { src_vm: 'web-01', dst_vm: 'app-01', dst_port: 8443 },
  apply_dfw_plan: async ({ userHome }) => ({ file: planFile(userHome) }),
  restore_dfw: async (nsx) => ({ snapshot: await olderSnapshot(nsx) }),
};

/** Every tool that changes something; what a raw request does is not ours to say (tools/api). */
export const changing: readonly AnyTool[] = Object.values(nsxSecurity.groups)
  .flat()
  .filter((tool) => tool.effect !== 'read' && !tool.cliOnly);

/** The input of the table for this lab, whose estate is made ready for it. */
export async function inputFor({ name }: AnyTool, nsx: OnSim): Promise<never> {
  const input = inputs[name];
  if (!input) throw new Error(`changes.ts has no input for ${name}`);
  return (typeof input === 'function' ? await input(nsx) : input) as never;
}

/** A policy without rules, which the estate has none of. */
function emptyPolicy({ sim }: OnSim, id: string): void {
  const path = `/infra/domains/default/security-policies/${id}`;
  const like = sim.world.objects.get('/infra/domains/default/security-policies/shop-deny');
  if (!sim.world.objects.get(path))
    sim.world.objects.set({
      ...like,
      id,
      path,
      relative_path: id,
      display_name: id,
    } as PolicyObject);
}

/** A plan of one object of each kind, new and known. */
function planFile(directory: string): string {
  const file = join(directory, 'plan.yaml');
  writeFileSync(
    file,
    `version: 1
services:
  - { id: erp, entries: ['TCP:8000-8010'] }
groups:
  - { id: erp-servers, tag: { scope: tier, tag: erp } }
policies:
  - id: erp
    category: Application
    sequence_number: 40
    rules:
      - { id: users, sources: [web-segment], destinations: [erp-servers], services: [erp] }
      - { id: rest, destinations: [erp-servers], action: DROP, logged: true }
  - id: quarantine
    rules:
      - { id: quarantine-out, sources: [quarantine], action: DROP, logged: true }
`,
  );
  return file;
}

/** A snapshot in which one group and the exclude list are other than they are now. */
async function olderSnapshot(nsx: OnSim): Promise<string> {
  const file = join(nsx.userHome, 'before.json');
  const at = join(nsx.userHome, `taken-${nsx.sim.requests.length}.json`);
  await read(nsx, snapshotDfw, { file: at, inventory: false });
  const taken = JSON.parse(readFileSync(at, 'utf8')) as Snapshot;
  const older = {
    ...taken,
    groups: taken.groups.map((group) =>
      group.id === 'jump-hosts' ? { ...group, description: 'As it was' } : group,
    ),
    exclude_list: {
      ...taken.exclude_list,
      members: [
        ...(taken.exclude_list?.members ?? []),
        '/infra/domains/default/groups/test-machines',
      ],
    },
  };
  writeFileSync(file, JSON.stringify(older), { mode: 0o600 });
  return file;
}
