import { conditionsDown, conditionsUp, machinesDown, machinesUp } from './cluster-api-parts.js';
import type { Conversion } from './conversions.js';
import { type Json, listAt, objectAt, present } from './object.js';

/** Templates are `templateRef` in v1beta2 and `ref`, for workers below `template`, in v1beta1. */
const templateDown = (holder: unknown): Json => ({ ref: objectAt(holder)['templateRef'] });
const templateUp = (holder: unknown): Json => ({ templateRef: objectAt(holder)['ref'] });

export const clusterClass: Conversion = {
  down: (object) => {
    const { infrastructure, controlPlane, workers, ...spec } = objectAt(object, 'spec');
    const { templateRef, machineInfrastructure, ...plane } = objectAt(controlPlane);
    return {
      ...object,
      spec: {
        ...spec,
        infrastructure: templateDown(infrastructure),
        controlPlane: present({
          ...machinesDown(plane),
          ref: templateRef,
          machineInfrastructure: machineInfrastructure && templateDown(machineInfrastructure),
        }),
        workers: {
          machineDeployments: listAt(workers, 'machineDeployments').map(
            ({ bootstrap, infrastructure: machines, ...pool }) => ({
              ...machinesDown(pool),
              template: {
                bootstrap: templateDown(bootstrap),
                infrastructure: templateDown(machines),
              },
            }),
          ),
        },
      },
      status: conditionsDown(objectAt(object, 'status')),
    };
  },
  up: (object) => {
    const { infrastructure, controlPlane, workers, ...spec } = objectAt(object, 'spec');
    const { ref, machineInfrastructure, ...plane } = objectAt(controlPlane);
    return {
      ...object,
      spec: {
        ...spec,
        infrastructure: templateUp(infrastructure),
        controlPlane: present({
          ...machinesUp(plane),
          templateRef: ref,
          machineInfrastructure: machineInfrastructure && templateUp(machineInfrastructure),
        }),
        workers: {
          machineDeployments: listAt(workers, 'machineDeployments').map(
            ({ template, ...pool }) => ({
              ...machinesUp(pool),
              bootstrap: templateUp(objectAt(template)['bootstrap']),
              infrastructure: templateUp(objectAt(template)['infrastructure']),
            }),
          ),
        },
      },
      status: conditionsUp(objectAt(object, 'status')),
    };
  },
};
