import type { Reference, VirtualMachine } from '@vmware/clients/nsx';
import { Refusal } from '@vmware/policy';
import { orNull, readExcludeList } from './capture.js';
import { type Place, targetOf } from './objects.js';

const machines = '/api/v1/fabric/virtual-machines';

/**
 * The one VM that has this external id or display name (GET /api/v1/fabric/virtual-machines). Throws NOT_FOUND,
 * or AMBIGUOUS with the ids: NSX does not keep names unique.
 */
export async function findVm(
  { nsx, signal }: Pick<Place, 'nsx' | 'signal'>,
  word: string,
): Promise<VirtualMachine> {
  const by = async (key: 'external_id' | 'display_name') =>
    (await nsx.list<VirtualMachine>(machines, { query: { [key]: word }, signal })).filter(
      (vm) => vm[key] === word,
    );
  const looksLikeId = /^[0-9a-f-]{32,}$/i.test(word);
  const found = looksLikeId ? await by('external_id') : [];
  if (found.length === 0) found.push(...(await by('display_name')));
  const [only] = found;
  if (only && found.length === 1) return only;
  if (found.length > 1)
    throw new Refusal(
      'AMBIGUOUS',
      `${found.length} VMs have the name "${word}".`,
      'Use the external id of the one you mean.',
      {
        candidates: found.map(({ external_id, power_state, host_id }) => ({
          external_id,
          power_state,
          host_id,
        })),
      },
    );
  throw new Refusal(
    'NOT_FOUND',
    `NSX knows no VM with the name or external id "${word}".`,
    'Check the spelling and case: NSX compares names exactly. Names are those of vCenter (vmware-vsphere vm list).',
  );
}

/** Whether a VM is excluded from the firewall. Null when that cannot be found out. */
export async function isExcluded(
  place: Place,
  { external_id }: Pick<VirtualMachine, 'external_id'>,
): Promise<boolean | null> {
  const [list, groups] = await Promise.all([
    readExcludeList(place),
    orNull(
      place.nsx.list<Reference>(
        targetOf(place, `${place.scope.associations}/virtual-machine-group-associations`),
        { query: { vm_external_id: external_id }, signal: place.signal },
      ),
    ),
  ]);
  if (list === null || groups === null) return null;
  return groups.some(({ path = '' }) => list.members.includes(path));
}
