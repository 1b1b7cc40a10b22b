import type { Conversion } from './conversions.js';
import { objectAt, present } from './object.js';

/** VirtualMachineImage v1alpha1, which keeps in its spec what later versions have in their status. */
export const oldestVirtualMachineImage: Conversion = {
  down: (object) => {
    const spec = objectAt(object, 'spec');
    const { name, type, ...status } = objectAt(object, 'status');
    return {
      ...object,
      spec: { ...spec, type: type ?? '', imageID: object.metadata.name },
      status: present({ ...status, imageName: name }),
    };
  },
  up: (object) => {
    const { type, imageID: _, ...spec } = objectAt(object, 'spec');
    const { imageName, ...status } = objectAt(object, 'status');
    return { ...object, spec, status: present({ ...status, type, name: imageName }) };
  },
};
