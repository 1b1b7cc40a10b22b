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
import { type Json, objectAt, present } from './object.js';

const machineSpecDown = (spec: Json, namespace: string | undefined): Json => ({
  ...machinesDown(spec),
  bootstrap: present({
    ...objectAt(spec, 'bootstrap'),
    configRef: refDown(objectAt(spec, 'bootstrap')['configRef'], namespace),
  }),
  infrastructureRef: refDown(spec['infrastructureRef'], namespace),
});

const machineSpecUp = (spec: Json): Json => ({
  ...machinesUp(spec),
  bootstrap: present({
    ...objectAt(spec, 'bootstrap'),
    configRef: refUp(objectAt(spec, 'bootstrap')['configRef']),
  }),
  infrastructureRef: refUp(spec['infrastructureRef']),
});

export const machine: Conversion = {
  down: (object) => {
    const { initialization, nodeRef, ...status } = objectAt(object, 'status');
    return {
      ...object,
      spec: machineSpecDown(objectAt(object, 'spec'), object.metadata.namespace),
      status: present({
        ...conditionsDown(status),
        infrastructureReady: objectAt(initialization)['infrastructureProvisioned'],
        bootstrapReady: objectAt(initialization)['bootstrapDataSecretCreated'],
        nodeRef: nodeRef && { apiVersion: 'v1', kind: 'Node', name: objectAt(nodeRef)['name'] },
      }),
    };
  },
  up: (object) => {
    const { infrastructureReady, bootstrapReady, nodeRef, ...status } = objectAt(object, 'status');
    return {
      ...object,
      spec: machineSpecUp(objectAt(object, 'spec')),
      status: present({
        ...conditionsUp(status),
        initialization: filled({
          infrastructureProvisioned: infrastructureReady,
          bootstrapDataSecretCreated: bootstrapReady,
        }),
        nodeRef: nodeRef && { name: objectAt(nodeRef)['name'] },
      }),
    };
  },
};

export const machineDeployment: Conversion = {
  down: (object) => {
    const { upToDateReplicas, ...status } = objectAt(object, 'status');
    const template = objectAt(object, 'spec', 'template');
    const { replicas = 0, availableReplicas = 0 } = status as Record<string, number>;
    return {
      ...object,
      spec: {
        ...machinesDown(objectAt(object, 'spec')),
        template: {
          ...template,
          spec: machineSpecDown(objectAt(template, 'spec'), object.metadata.namespace),
        },
      },
      status: present({
        ...conditionsDown(status),
        updatedReplicas: upToDateReplicas,
        unavailableReplicas: Math.max(0, replicas - availableReplicas),
      }),
    };
  },
  up: (object) => {
    const { updatedReplicas, unavailableReplicas: _, ...status } = objectAt(object, 'status');
    const template = objectAt(object, 'spec', 'template');
    return {
      ...object,
      spec: {
        ...machinesUp(objectAt(object, 'spec')),
        template: { ...template, spec: machineSpecUp(objectAt(template, 'spec')) },
      },
      status: present({ ...conditionsUp(status), upToDateReplicas: updatedReplicas }),
    };
  },
};
