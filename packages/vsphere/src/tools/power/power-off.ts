import * as z from 'zod';
import { defineTool } from '../../define.js';
import { type PowerChange, planPower, powerOutput, runPower } from '../../power-change.js';
import { vmName } from '../../schema.js';

const change: PowerChange = {
  method: 'PowerOffVM_Task',
  to: 'poweredOff',
  verb: 'Power off',
  loss: 'its guest is not shut down, and what is in its memory is lost',
};

export const powerOff = defineTool({
  name: 'power_off',
  usage: 'vm power-off <name>',
  summary: 'Cut the power of a VM; prefer shutdown_guest, which lets the guest stop its services.',
  effect: 'destroy',
  risk: 'medium',
  level: 'power_ops',
  privileges: ['VirtualMachine.Interact.PowerOff'],
  timeout: 300_000,
  idempotent: true,
  aliases: ['power_off_vm'],
  examples: ['vm power-off web-01', 'vm power-off web-01 --yes --confirm web-01'],
  input: z.object({ name: vmName }),
  output: powerOutput,
})
  .plan(({ name }, clients, context) => planPower(change, name, clients, context))
  .run((_input, clients, context) => runPower(change, clients, context));
