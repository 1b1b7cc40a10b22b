import * as z from 'zod';

/** How every tool takes a VM. */
export const vmName = z.string().min(1).max(300).describe('VM name, inventory path, moid or UUID.');

/** How every tool takes a tag. Names of categories and tags have up to 256 characters. */
export const tagName = z.string().min(1).max(513).describe('Tag name, category/tag or tag id.');

export const powerState = z.enum(['poweredOn', 'poweredOff', 'suspended']);

/** What every change of one VM answers. */
export const vmChange = {
  id: z.string(),
  name: z.string(),
  changed: z.boolean(),
};
