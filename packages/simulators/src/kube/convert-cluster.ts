import {
  conditionsDown,
  conditionsUp,
  filled,
  machinesDown,
  machinesUp,
  refDown,
  refUp,
} from './cluster-api-parts.js';
import type { Conversion } from './conversions.js';
import { type Json, listAt, objectAt, present, textAt } from './object.js';

function topologyDown(topology: Json): Json {
  const { classRef, controlPlane, workers, ...rest } = topology;
  return present({
    ...rest,
    class: textAt(classRef, 'name'),
    classNamespace: textAt(classRef, 'namespace'),
    controlPlane: controlPlane && machinesDown(objectAt(controlPlane)),
    workers: workers && {
      ...objectAt(workers),
      machineDeployments: listAt(workers, 'machineDeployments').map(machinesDown),
    },
  });
}

function topologyUp(topology: Json): Json {
  const { class: name, classNamespace, controlPlane, workers, rolloutAfter: _, ...rest } = topology;
  const pools = listAt(workers, 'machineDeployments').map(machinesUp);
  return present({
    ...rest,
    classRef: present({ name, namespace: classNamespace }),
    controlPlane: filled(machinesUp(objectAt(controlPlane))),
    workers: filled({
      ...objectAt(workers),
      machineDeployments: pools.length > 0 ? pools : undefined,
    }),
  });
}

export const cluster: Conversion = {
  down: (object) => {
    const { topology, infrastructureRef, controlPlaneRef, ...spec } = objectAt(object, 'spec');
    const { initialization, controlPlane, workers, ...status } = objectAt(object, 'status');
    const { namespace } = object.metadata;
    const old = conditionsDown(status);
    return {
      ...object,
      spec: present({
        ...spec,
        infrastructureRef: refDown(infrastructureRef, namespace),
        controlPlaneRef: refDown(controlPlaneRef, namespace),
        topology: topology && topologyDown(objectAt(topology)),
      }),
      status: present({
        ...old,
        v1beta2: filled({ ...objectAt(old, 'v1beta2'), controlPlane, workers }),
        infrastructureReady: objectAt(initialization)['infrastructureProvisioned'],
        controlPlaneReady: objectAt(initialization)['controlPlaneInitialized'],
      }),
    };
  },
  up: (object) => {
    const { topology, infrastructureRef, controlPlaneRef, ...spec } = objectAt(object, 'spec');
    const { infrastructureReady, controlPlaneReady, ...status } = objectAt(object, 'status');
    return {
      ...object,
      spec: present({
        ...spec,
        clusterNetwork: filled(objectAt(spec['clusterNetwork'])),
        controlPlaneEndpoint: filled(objectAt(spec['controlPlaneEndpoint'])),
        infrastructureRef: refUp(infrastructureRef),
        controlPlaneRef: refUp(controlPlaneRef),
        topology: topology && topologyUp(objectAt(topology)),
      }),
      status: present({
        ...conditionsUp(status),
        controlPlane: objectAt(status, 'v1beta2')['controlPlane'],
        workers: objectAt(status, 'v1beta2')['workers'],
        initialization: filled({
          infrastructureProvisioned: infrastructureReady,
          controlPlaneInitialized: controlPlaneReady,
        }),
      }),
    };
  },
};
