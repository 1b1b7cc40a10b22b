import type { Change } from '../api.js';
import type { Cause } from '../kube-error.js';
import { type KubeObject, textAt } from '../object.js';
import { storageClassesOf } from '../storage-classes.js';
import type { World } from '../world.js';
import { invalidField, requiredField } from './faults.js';
import { denyFaults } from './webhook.js';

const webhook = 'default.validating.virtualmachine.v1alpha5.vmoperator.vmware.com';

/** Refuses a VirtualMachine as VM Operator's webhook does: without a class, or with storage it cannot have. */
export function admitVirtualMachine(world: World, { kind, before, after }: Change): KubeObject {
  const { namespace = '', name } = after.metadata;
  const found: Cause[] = [];
  const storage = textAt(after, 'spec', 'storageClass');
  const classes = world.kinds.named('storageclasses', 'storage.k8s.io');
  if (!textAt(after, 'spec', 'className')) found.push(requiredField('spec.className'));
  if (storage && !world.store.get(classes, undefined, storage))
    found.push(
      invalidField('spec.storageClass', storage, `Storage policy ${storage} does not exist`),
    );
  else if (storage && !storageClassesOf(world, namespace).includes(storage))
    found.push(
      invalidField(
        'spec.storageClass',
        storage,
        `Storage policy is not associated with the namespace ${namespace}`,
      ),
    );
  for (const field of ['imageName', 'storageClass'])
    if (before && textAt(before, 'spec', field) !== textAt(after, 'spec', field))
      found.push(invalidField(`spec.${field}`, textAt(after, 'spec', field), 'field is immutable'));
  denyFaults(webhook, kind, name, found);
  return after;
}
