import type { Cause } from '../kube-error.js';
import { autoscaler } from '../life/topology.js';
import { type Json, type KubeObject, listAt, numberAt, objectAt, textAt } from '../object.js';
import { forbiddenField, invalidField } from './faults.js';

const label = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
/** What kube-apiserver says of a name that cannot be a label's value; empty when it can. */
export const notLabel = (name: string): string =>
  name.length > 63
    ? 'must be no more than 63 bytes'
    : label.test(name)
      ? ''
      : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** What is wrong with the pools and the control plane of a topology. */
export function faultsOfPools(
  topology: Json,
  clusterClass: KubeObject,
  { metadata }: KubeObject,
): Cause[] {
  const path = 'spec.topology.workers.machineDeployments';
  const classes = listAt(clusterClass['spec'], 'workers', 'machineDeployments').map(
    (one) => one['class'],
  );
  const seen = new Set<string>();
  const found = faultsOfControlPlane(topology);
  for (const [at, pool] of listAt(topology, 'workers', 'machineDeployments').entries()) {
    const name = textAt(pool, 'name') ?? '';
    if (!classes.includes(pool['class']))
      found.push(
        invalidField(
          `${path}[${at}].class`,
          pool['class'],
          `MachineDeploymentClass with name "${pool['class']}" does not exist in ClusterClass "${clusterClass.metadata.name}"`,
        ),
      );
    if (seen.has(name)) {
      const why = `MachineDeploymentTopology names must be unique. MachineDeploymentTopology with name "${name}" is defined more than once`;
      found.push(invalidField(`${path}[${at}].name`, name, why));
    }
    seen.add(name);
    const unfit = notLabel(name);
    if (unfit)
      found.push(invalidField(`${path}[${at}].name`, name, `must be a valid label value ${unfit}`));
    const annotations = objectAt(pool, 'metadata', 'annotations');
    const scaled = [`${autoscaler}-min-size`, `${autoscaler}-max-size`];
    const replicas = numberAt(pool, 'replicas');
    if (replicas !== undefined && scaled.some((annotation) => annotation in annotations))
      found.push(
        invalidField(
          `${path}[${name}].replicas`,
          replicas,
          `cannot be set for cluster "${metadata.name}" in namespace "${metadata.namespace}" if the same MachineDeploymentTopology has autoscaler annotations`,
        ),
      );
  }
  return found;
}

function faultsOfControlPlane(topology: Json): Cause[] {
  const replicas = numberAt(topology, 'controlPlane', 'replicas');
  const field = 'spec.topology.controlPlane.replicas';
  if (replicas === 0) return [forbiddenField(field, 'cannot be 0')];
  return replicas !== undefined && replicas % 2 === 0
    ? [forbiddenField(field, 'cannot be an even number when etcd is stacked')]
    : [];
}
