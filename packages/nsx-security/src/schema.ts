import * as z from 'zod';

const id = (of: string) => z.string().min(1).max(255).describe(of);

export const policyId = id('Id of a security policy.');
export const ruleId = id('Id of a rule in it.');
export const groupId = id('Id of a group.');

/** Which part of NSX a call is about. The flag is `--scope` where no other input has it. */
export const nsxScope = z
  .string()
  .max(600)
  .optional()
  .describe('project:<id>, vpc:<project>/<id>, global.');

export const nameFilter = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('Part of the name, or a glob.');

export const displayName = z.string().min(1).max(255);
export const description = z.string().max(1024);
export const sequenceNumber = z.int().min(0).max(999_999);

export const category = z.enum([
  'Ethernet',
  'Emergency',
  'Infrastructure',
  'Environment',
  'Application',
]);
export const action = z.enum(['ALLOW', 'DROP', 'REJECT', 'JUMP_TO_APPLICATION']);
export const direction = z.enum(['IN', 'OUT', 'IN_OUT']);
export const ipProtocol = z.enum(['IPV4', 'IPV6', 'IPV4_IPV6']);

/** Words that name groups, or addresses, prefixes and ranges. */
export const endpoints = z.array(z.string().min(1).max(600)).max(128);
export const serviceNames = z.array(z.string().min(1).max(600)).max(128);

/** A tag as NSX stores it; `|` separates scope and value in conditions, so neither may hold it. */
export const tagScope = z
  .string()
  .max(128)
  .regex(/^[^|]*$/, 'must not hold "|", which separates scope and tag')
  .describe('Scope of the tag; empty for none.');
export const tagValue = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^|]*$/, 'must not hold "|", which separates scope and tag')
  .describe('The tag.');

export const vmName = z.string().min(1).max(255).describe('Name or external id of a VM.');

export const snapshotInput = z
  .string()
  .min(1)
  .max(500)
  .optional()
  .describe('Snapshot file instead of the manager.');

/** Tags in an output. */
export const tagList = z.array(z.object({ scope: z.string(), tag: z.string() }));
