import type { Schema } from './schema.js';

// What ClusterClasses of VKS let a Cluster set: names, types, what is required, defaults and choices, after the
// vendor's published manifests. The schemas themselves come with the product and are not published.

const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const texts: Schema = { type: 'array', items: text };
const named: Schema = { type: 'string', minLength: 1 };
const list = (items: Schema): Schema => ({ type: 'array', items });
const choice = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });
const fields = (properties: Record<string, Schema>, ...required: readonly string[]): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
});

const standard = choice('', 'privileged', 'baseline', 'restricted');
const podSecurity = fields({
  audit: standard,
  auditVersion: text,
  enforce: standard,
  enforceVersion: text,
  warn: standard,
  warnVersion: text,
  deactivated: flag,
  exemptions: fields({ namespaces: texts }),
});
const effect = choice('NoSchedule', 'PreferNoSchedule', 'NoExecute');
const secretKey = fields({ name: text, key: text }, 'name', 'key');
const days: Schema = { type: 'integer', minimum: 7, default: 90 };

const oldVolume = fields({
  name: text,
  mountPath: text,
  storageClass: text,
  capacity: fields({ storage: text }),
});

/** One variable of a ClusterClass. */
export interface Variable {
  readonly name: string;
  readonly required: boolean;
  readonly schema: { readonly openAPIV3Schema: Schema };
}

const variables = (schemas: Record<string, Schema>): Variable[] =>
  Object.entries(schemas).map(([name, openAPIV3Schema]) => ({
    name,
    required: name === 'vmClass' || name === 'storageClass',
    schema: { openAPIV3Schema },
  }));

/** Of `tanzukubernetescluster` and `builtin-generic-v3.1.0`. */
export const flatVariables: readonly Variable[] = variables({
  clusterEncryptionConfigYaml: text,
  controlPlaneCertificateRotation: fields({
    activate: { ...flag, default: true },
    daysBefore: days,
  }),
  controlPlaneVolumes: list(oldVolume),
  defaultRegistrySecret: fields({ name: text, namespace: text, data: text }),
  defaultStorageClass: text,
  defaultVolumeSnapshotClass: text,
  kubeAPIServerFQDNs: texts,
  nodePoolLabels: list(fields({ key: text, value: text })),
  nodePoolTaints: list(
    fields({ key: text, value: text, effect: text, timeAdded: { type: 'integer' } }),
  ),
  nodePoolVolumes: list(oldVolume),
  ntp: text,
  podSecurityStandard: podSecurity,
  proxy: fields({ httpProxy: text, httpsProxy: text, noProxy: texts }),
  storageClass: named,
  storageClasses: texts,
  trust: fields({ additionalTrustedCAs: list(fields({ name: text })) }),
  user: fields({ sshAuthorizedKey: text, passwordSecret: fields({ name: text, key: text }) }),
  vmClass: named,
  volumeSnapshotClasses: texts,
});

const caCert = fields({ secretRef: secretKey, content: text });

const operatingSystem = {
  ntp: fields({ servers: texts }, 'servers'),
  systemProxy: fields({ http: text, https: text, noProxy: texts }, 'http', 'https', 'noProxy'),
  trust: fields({ additionalTrustedCAs: list(fields({ caCert })) }, 'additionalTrustedCAs'),
  user: fields({ user: text, sshAuthorizedKey: text, passwordSecret: secretKey }, 'user'),
};

const directoryJoin = fields(
  {
    credentialSecretRef: text,
    domain: text,
    gmsaControlSecurityGroupDN: text,
    organizationalUnitDN: text,
  },
  'credentialSecretRef',
  'domain',
);

const ubuntuPro = fields(
  {
    tokenSecretRef: text,
    services: texts,
    settings: list(fields({ key: text, value: text }, 'key', 'value')),
  },
  'tokenSecretRef',
);

const newerOperatingSystem = {
  ...operatingSystem,
  directoryJoin,
  fips: fields({ enabled: { ...flag, default: false } }),
  sshd: fields({ banner: text }),
  ubuntuPro,
};

const nested = (osConfiguration: Record<string, Schema>): Variable[] =>
  variables({
    kubernetes: fields({
      certificateRotation: fields({
        enabled: { ...flag, default: true },
        renewalDaysBeforeExpiry: days,
      }),
      endpointFQDNs: texts,
      security: fields({ podSecurityStandard: podSecurity }),
    }),
    node: fields({
      labels: { type: 'object', additionalProperties: text },
      taints: list(fields({ key: text, value: text, effect }, 'key', 'value', 'effect')),
    }),
    osConfiguration: fields(osConfiguration),
    resourceConfiguration: fields({
      systemReserved: fields({ automatic: { ...flag, default: true }, cpu: text, memory: text }),
    }),
    storageClass: named,
    vmClass: named,
    volumes: list(
      fields(
        { name: text, mountPath: text, storageClass: text, capacity: text },
        'name',
        'mountPath',
        'storageClass',
        'capacity',
      ),
    ),
    vsphereOptions: fields({
      persistentVolumes: fields({
        availableStorageClasses: texts,
        availableVolumeSnapshotClasses: texts,
        defaultStorageClass: text,
        defaultVolumeSnapshotClass: text,
      }),
    }),
  });

/** Of `builtin-generic-v3.2.0`. */
export const nestedVariables: readonly Variable[] = nested(operatingSystem);
/** Of `builtin-generic-v3.3.0`. */
export const newestVariables: readonly Variable[] = nested(newerOperatingSystem);
