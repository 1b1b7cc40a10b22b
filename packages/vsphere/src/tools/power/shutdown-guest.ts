import * as z from 'zod';
import { defineTool } from '../../define.js';
import { plannedVm, requestOf, send } from '../../planned-request.js';
import { vmChange, vmName } from '../../schema.js';
import { backToPower } from '../../undo.js';
import { commonBlockers, oneVm, unmeasuredState, vmFacts } from '../../vm-facts.js';

export const shutdownGuest = defineTool({
  name: 'shutdown_guest',
  usage: 'vm shutdown <name>',
  summary:
    'Ask the guest OS to shut down cleanly through VMware Tools; returns when asked, not when off.',
  effect: 'destroy',
  risk: 'medium',
  level: 'power_ops',
  privileges: ['VirtualMachine.Interact.PowerOff'],
  idempotent: true,
  examples: ['vm shutdown web-01'],
  input: z.object({ name: vmName }),
  output: z.object({ ...vmChange, state: z.enum(['initiated', 'off_already']) }),
})
  .plan(async ({ name }, { vim }, { signal }) => {
    const vm = await vmFacts(vim, name, signal);
    const isOff = vm.powerState === 'poweredOff';
    const undo = backToPower(vm, 'poweredOff');
    const needsTools = vm.powerState === 'poweredOn' && !vm.toolsRunning;
    return {
      summary: isOff ? `${vm.name} is powered off already` : `Shut down the guest of ${vm.name}`,
      changes: isOff ? [] : [`${vm.name}: its guest OS shuts down, then poweredOn → poweredOff`],
      requests: isOff ? [] : [requestOf('ShutdownGuest', vm.ref)],
      blast_radius: oneVm(vm, true),
      blockers: [
        ...commonBlockers(vm),
        ...(vm.powerState === 'suspended' ? [`${vm.name} is suspended; power it on first.`] : []),
        ...(needsTools
          ? [`VMware Tools does not run in ${vm.name}; power_off cuts its power instead.`]
          : []),
      ],
      unmeasured: unmeasuredState(vm),
      ...(undo === undefined || isOff ? {} : { undo }),
    };
  })
  .run(async (_input, { vim }, context) => {
    const { ref, id, name } = plannedVm(context);
    const changed = context.plan.requests.length > 0;
    if (changed) await send(vim, 'ShutdownGuest', ref, {}, context);
    return {
      id,
      name,
      changed,
      state: changed ? ('initiated' as const) : ('off_already' as const),
    };
  });
