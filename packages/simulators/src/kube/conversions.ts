import { cluster } from './convert-cluster.js';
import { clusterClass } from './convert-cluster-class.js';
import { machine, machineDeployment } from './convert-machine.js';
import { oldestVirtualMachine } from './convert-virtual-machine.js';
import { oldestVirtualMachineImage } from './convert-virtual-machine-image.js';
import type { KubeObject } from './object.js';

/** How one version of a kind differs from the stored one. */
export interface Conversion {
  readonly down: (object: KubeObject) => KubeObject;
  readonly up: (object: KubeObject) => KubeObject;
}

/** By kind and version; what is not here differs by its schema only. */
export const conversions: Readonly<Record<string, Readonly<Record<string, Conversion>>>> = {
  Cluster: { v1beta1: cluster },
  ClusterClass: { v1beta1: clusterClass },
  MachineDeployment: { v1beta1: machineDeployment },
  Machine: { v1beta1: machine },
  VirtualMachine: { v1alpha1: oldestVirtualMachine },
  VirtualMachineImage: { v1alpha1: oldestVirtualMachineImage },
};
