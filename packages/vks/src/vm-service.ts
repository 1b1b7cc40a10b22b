import type { Kube, Resource } from '@vmware/clients/kube';

/** Versions of VM Operator that are spoken, best first. Source: github.com/vmware-tanzu/vm-operator. */
const speaks = ['v1alpha6', 'v1alpha5', 'v1alpha4', 'v1alpha3', 'v1alpha2', 'v1alpha1'] as const;

/** The first version that has each kind. */
const least = {
  virtualmachines: 'v1alpha1',
  virtualmachinegroups: 'v1alpha4',
  virtualmachinesnapshots: 'v1alpha5',
} as const;

/** A kind of VM Service in the newest version there is. Throws API_NOT_SERVED with what is needed and what is served. */
export const vmServiceKind = (
  kube: Kube,
  plural: keyof typeof least,
  signal: AbortSignal,
): Promise<Resource> =>
  kube.resource('vmoperator.vmware.com', plural, { prefer: speaks, least: least[plural], signal });
