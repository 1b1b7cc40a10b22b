import * as z from 'zod';

/** How every tool takes a VM. */
export const vmName = z.string().min(1).max(300).describe('VM name, inventory path, moid or UUID.');

export const powerState = z.enum(['poweredOn', 'poweredOff', 'suspended']);

/** What every change of one VM answers. */
export const vmChange = {
  id: z.string(),
  name: z.string(),
  changed: z.boolean(),
};
