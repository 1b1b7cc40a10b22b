import type { Kind } from './kinds.js';

const kind = (
  group: string,
  name: string,
  plural: string,
  shortNames: readonly string[],
  fields: readonly string[],
  namespaced = true,
): Kind => ({
  group,
  kind: name,
  plural,
  shortNames,
  namespaced,
  fields,
  stored: 'v1',
  subresources: fields.includes('status') ? ['status'] : [],
  versions: [{ name: 'v1', deprecated: false }],
});

const usual = ['spec', 'status'];
const event = ['involvedObject', 'reason', 'message', 'source', 'firstTimestamp', 'lastTimestamp'];
const alsoEvent = ['count', 'type', 'eventTime', 'series', 'action', 'related'];
const reporting = ['reportingComponent', 'reportingInstance'];
const storage = ['provisioner', 'parameters', 'reclaimPolicy', 'mountOptions'];
const alsoStorage = ['allowVolumeExpansion', 'volumeBindingMode', 'allowedTopologies'];

/** Kinds that are built into every API server. */
export const coreKinds: readonly Kind[] = [
  kind('', 'Namespace', 'namespaces', ['ns'], usual, false),
  kind('', 'Node', 'nodes', ['no'], usual, false),
  kind('', 'Pod', 'pods', ['po'], usual),
  kind('', 'Service', 'services', ['svc'], usual),
  kind('', 'PersistentVolumeClaim', 'persistentvolumeclaims', ['pvc'], usual),
  kind('', 'ResourceQuota', 'resourcequotas', ['quota'], usual),
  kind('', 'Secret', 'secrets', [], ['data', 'stringData', 'type', 'immutable']),
  kind('', 'ConfigMap', 'configmaps', ['cm'], ['data', 'binaryData', 'immutable']),
  kind('', 'Event', 'events', ['ev'], [...event, ...alsoEvent, ...reporting]),
  kind('apps', 'Deployment', 'deployments', ['deploy'], usual),
  kind('apps', 'StatefulSet', 'statefulsets', ['sts'], usual),
  kind('apps', 'DaemonSet', 'daemonsets', ['ds'], usual),
  kind('apps', 'ReplicaSet', 'replicasets', ['rs'], usual),
  kind(
    'storage.k8s.io',
    'StorageClass',
    'storageclasses',
    ['sc'],
    [...storage, ...alsoStorage],
    false,
  ),
];
