import * as z from 'zod';
import { defineTool } from '../../define.js';
import { type PowerChange, planPower, powerOutput, runPower } from '../../power-change.js';
import { vmName } from '../../schema.js';

const change: PowerChange = {
  method: 'SuspendVM_Task',
  to: 'suspended',
  verb: 'Suspend',
  blockers: ({ name, powerState }) =>
    powerState === 'poweredOff'
      ? [`${name} is powered off; only a running VM can be suspended.`]
      : [],
};

export const suspendVm = defineTool({
  name: 'suspend_vm',
  usage: 'vm suspend <name>',
  summary: 'Suspend a running VM to disk; power_on resumes it.',
  effect: 'write',
  risk: 'medium',
  level: 'power_ops',
  privileges: ['VirtualMachine.Interact.Suspend'],
  timeout: 600_000,
  idempotent: true,
  examples: ['vm suspend web-01'],
  input: z.object({ name: vmName }),
  output: powerOutput,
})
  .plan(({ name }, clients, context) => planPower(change, name, clients, context))
  .run((_input, clients, context) => runPower(change, clients, context));
