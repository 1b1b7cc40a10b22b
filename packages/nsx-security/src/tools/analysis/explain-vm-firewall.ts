import type { Reference } from '@vmware/clients/nsx';
import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { beyondReasons } from '../../beyond.js';
import { orNull } from '../../capture.js';
import { configurationOf } from '../../configuration.js';
import { defineTool } from '../../define.js';
import { explainVm, Firewall } from '../../dfw/index.js';
import { endOf } from '../../ends.js';
import { ruleShown, shown } from '../../explained.js';
import { type Place, placeOf, targetOf } from '../../objects.js';
import { nsxScope, snapshotInput, vmName } from '../../schema.js';

const holds = z.enum(['yes', 'no', 'maybe']);
const list = z.array(z.string());

export const explainVmFirewall = defineTool({
  name: 'explain_vm_firewall',
  usage: 'explain vm <vm>',
  summary:
    'Every firewall rule that applies to a VM, in order, and why; whether it is excluded at all.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  timeout: 180_000,
  format: 'yaml',
  flags: { nsx_scope: 'scope' },
  offline: ['snapshot'],
  examples: ['explain vm web-01', 'explain vm web-01 --snapshot before-change'],
  input: z.object({ vm: vmName, snapshot: snapshotInput, nsx_scope: nsxScope }),
  output: z.object({
    vm: z.string(),
    external_id: z.string(),
    addresses: list,
    firewall_on: holds,
    excluded: holds,
    protected: holds,
    groups: list,
    groups_unknown: list,
    rules: z.array(
      ruleShown.extend({
        sides: list,
        why: list,
        disabled: z.boolean(),
        certain: z.boolean(),
        conditions: list,
      }),
    ),
    notes: list,
  }),
}).run(async ({ vm, snapshot, nsx_scope }, clients, context) => {
  const configuration = await configurationOf({ snapshot, nsx_scope }, clients, context);
  if (configuration.virtual_machines === null)
    throw new Refusal(
      'UNMEASURED',
      'The VMs of this scope could not be read, so nothing can be said about one.',
      'Use an account with the role auditor or more, or a snapshot taken with its inventory.',
    );
  const { end } = endOf(configuration, `vm:${vm.replace(/^vm:/, '')}`);
  const firewall = new Firewall(configuration);
  const found = end.kind === 'vm' ? explainVm(firewall, end.external_id) : undefined;
  if (!found) throw new TypeError('A VM that was found is not explained');
  const { firewall_on, excluded } = found;
  return {
    vm: found.vm.display_name,
    external_id: found.vm.external_id,
    addresses: [...found.addresses],
    firewall_on,
    excluded,
    protected:
      firewall_on === 'no' || excluded === 'yes'
        ? ('no' as const)
        : firewall_on === 'yes' && excluded === 'no'
          ? ('yes' as const)
          : ('maybe' as const),
    groups: [...found.groups],
    groups_unknown: [...found.groups_unknown],
    rules: found.rules.map(({ rule, sides, via, disabled, certain, conditions }) => ({
      ...shown(rule),
      sides: [...sides],
      why: via.map(
        (one) => `${one.role.replace('_', ' ')}: ${one.entry}${one.certain ? '' : ' (perhaps)'}`,
      ),
      disabled,
      certain,
      conditions: [...conditions],
    })),
    notes: [
      ...beyondReasons(firewall, [end]),
      ...(snapshot === undefined
        ? await disagreement(placeOf(clients.nsx, nsx_scope, context), found)
        : []),
    ],
  };
});

/** NSX says itself which groups a VM is in. Where it says otherwise than the configuration, the reader has to know. */
async function disagreement(
  place: Place,
  { vm, groups, groups_unknown }: NonNullable<ReturnType<typeof explainVm>>,
): Promise<string[]> {
  const said = await orNull(
    place.nsx.list<Reference>(
      targetOf(place, `${place.scope.associations}/virtual-machine-group-associations`),
      { query: { vm_external_id: vm.external_id }, signal: place.signal },
    ),
  );
  if (said === null) return ['NSX could not be asked which groups it puts the VM in.'];
  const theirs = new Set(said.flatMap(({ path }) => path ?? []));
  const open = new Set(groups_unknown);
  return [
    ...[...theirs]
      .filter((path) => !groups.includes(path))
      .map((path) =>
        open.has(path)
          ? `NSX says that it is in ${path}, which could not be worked out here.`
          : `NSX says that it is in ${path}; its expression here says that it is not.`,
      ),
    ...groups
      .filter((path) => !theirs.has(path))
      .map(
        (path) =>
          `NSX does not list it in ${path}; by its expression and addresses it belongs there.`,
      ),
  ];
}
