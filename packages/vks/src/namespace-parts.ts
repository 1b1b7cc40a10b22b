import type { Wcp } from '@vmware/clients/wcp';
import { Refusal } from '@vmware/policy';
import { named } from './named.js';

/** What a namespace is given, as people name it. */
export interface Parts {
  readonly storagePolicies: readonly string[];
  readonly vmClasses: readonly string[];
  readonly contentLibraries: readonly string[];
}

/** The same, as vCenter names it: ids, each with the name it has. */
export interface Resolved {
  readonly storagePolicies: readonly Item[];
  readonly vmClasses: readonly Item[];
  readonly contentLibraries: readonly Item[];
}

export interface Item {
  readonly id: string;
  readonly name: string;
}

/** Finds what the words name; asks only for kinds that are named. Throws INVALID_INPUT for one there is not. */
export async function resolveParts(
  wcp: Wcp,
  { storagePolicies, vmClasses, contentLibraries }: Parts,
  signal: AbortSignal,
): Promise<Resolved> {
  const [policies, classes, libraries] = await Promise.all([
    storagePolicies.length > 0 ? allPolicies(wcp, signal) : [],
    vmClasses.length > 0 ? allClasses(wcp, signal) : [],
    contentLibraries.length > 0 ? allLibraries(wcp, signal) : [],
  ]);
  return {
    storagePolicies: storagePolicies.map((word) =>
      named('storage policy', policies, word, 'supervisor storage-policies'),
    ),
    vmClasses: vmClasses.map((word) => named('VM class', classes, word, 'namespace vm-classes')),
    contentLibraries: contentLibraries.map((word) =>
      named('content library', libraries, word, 'namespace get <name>'),
    ),
  };
}

export const allPolicies = async (wcp: Wcp, signal: AbortSignal): Promise<Item[]> =>
  (await wcp.storagePolicies({ signal })).map(({ policy, name }) => ({ id: policy, name }));

const allClasses = async (wcp: Wcp, signal: AbortSignal): Promise<Item[]> =>
  (await wcp.vmClasses({ signal })).map(({ id }) => ({ id, name: id }));

/** Ids and names of content libraries: one request for the ids, one for each name. */
async function allLibraries(wcp: Wcp, signal: AbortSignal): Promise<Item[]> {
  const ids = await wcp.libraries({ signal });
  return Promise.all(
    ids.map(async (id) => ({ id, name: (await wcp.library(id, { signal })).name ?? id })),
  );
}

export const roles = ['OWNER', 'EDIT', 'VIEW'] as const;

/** Somebody a namespace is open to. */
export interface Subject {
  readonly subject_type: 'USER' | 'GROUP';
  readonly subject: string;
  readonly domain: string;
}

/** `alice@vsphere.local` is a user, `group:developers@corp.local` a group. Throws INVALID_INPUT. */
export function subjectOf(word: string): Subject {
  const [, group, subject, domain] = /^(group:)?([^@\s]+)@([^@\s]+)$/.exec(word) ?? [];
  if (subject === undefined || domain === undefined)
    throw new Refusal(
      'INVALID_INPUT',
      `"${word}" names nobody.`,
      'Write user@domain, or group:name@domain.',
    );
  return { subject_type: group ? 'GROUP' : 'USER', subject, domain };
}

export const subjectWord = ({
  subject_type,
  subject,
  domain,
}: {
  readonly subject_type: string;
  readonly subject: string;
  readonly domain: string;
}): string => `${subject_type === 'GROUP' ? 'group:' : ''}${subject}@${domain}`;
