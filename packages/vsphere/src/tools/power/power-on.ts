import * as z from 'zod';
import { defineTool } from '../../define.js';
import { type PowerChange, planPower, powerOutput, runPower } from '../../power-change.js';
import { vmName } from '../../schema.js';

const change: PowerChange = {
  method: 'PowerOnVM_Task',
  to: 'poweredOn',
  verb: 'Power on',
  blockers: ({ name, isTemplate }) =>
    isTemplate ? [`${name} is a template, and templates cannot be powered on.`] : [],
};

export const powerOn = defineTool({
  name: 'power_on',
  usage: 'vm power-on <name>',
  summary: 'Power on a VM, or resume a suspended one.',
  effect: 'write',
  risk: 'medium',
  level: 'power_ops',
  privileges: ['VirtualMachine.Interact.PowerOn'],
  timeout: 300_000,
  idempotent: true,
  aliases: ['power_on_vm'],
  examples: ['vm power-on web-01', 'vm power-on /DC0/vm/web/web-01 --yes'],
  input: z.object({ name: vmName }),
  output: powerOutput,
})
  .plan(({ name }, clients, context) => planPower(change, name, clients, context))
  .run((_input, clients, context) => runPower(change, clients, context));
