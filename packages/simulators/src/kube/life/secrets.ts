import type { Certificate } from '../../server/certificate.js';
import type { Json, KubeObject } from '../object.js';
import { clusterName, plant, type World } from '../world.js';
import { letters } from './events.js';

const encoded = (text: string): string => Buffer.from(text).toString('base64');

/** How the administrator of a cluster reaches it. */
export interface Access {
  /** `127.0.0.1:port` */
  readonly endpoint: string;
  /** PEM. */
  readonly certificate: string;
  readonly administrator: Certificate;
}

const kubeconfigOf = (name: string): string => `${name}-kubeconfig`;

/** Makes the secrets that hold a cluster's administrator and its machines' password, once. */
export function makeSecrets(
  world: World,
  { metadata }: KubeObject,
  access: Access | undefined,
): void {
  const { name, namespace = '' } = metadata;
  const secrets = world.kinds.named('secrets');
  if (world.store.get(secrets, namespace, kubeconfigOf(name))) return;
  const make = (suffix: string, type: string, data: Json) =>
    plant(
      world,
      ['secrets'],
      { name: `${name}-${suffix}`, namespace, labels: { [clusterName]: name } },
      { type, data },
    );
  make('kubeconfig', 'cluster.x-k8s.io/secret', access ? dataOf(name, access) : {});
  make('ssh-password', 'Opaque', {
    'ssh-passwordkey': encoded(letters(`${namespace}/${name}`, 24)),
  });
  make('ssh', 'kubernetes.io/ssh-auth', {
    'ssh-privatekey': encoded(`no key: ${letters(name, 32)}`),
  });
}

/** Writes the kubeconfig of a cluster that did not listen when its secrets were made. Nobody has read it yet. */
export function amendSecret(
  { kinds, store }: World,
  { metadata }: KubeObject,
  access: Access,
): void {
  const { name, namespace } = metadata;
  const secrets = kinds.named('secrets');
  const secret = store.get(secrets, namespace, kubeconfigOf(name));
  if (secret) store.amend(secrets, { ...secret, data: dataOf(name, access) });
}

function dataOf(name: string, { endpoint, certificate, administrator }: Access): Json {
  const user = `${name}-admin`;
  const context = `${user}@${name}`;
  const kubeconfig = [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    `- name: ${name}`,
    '  cluster:',
    `    certificate-authority-data: ${encoded(certificate)}`,
    `    server: https://${endpoint}`,
    'contexts:',
    `- name: ${context}`,
    '  context:',
    `    cluster: ${name}`,
    `    user: ${user}`,
    `current-context: ${context}`,
    'preferences: {}',
    'users:',
    `- name: ${user}`,
    '  user:',
    `    client-certificate-data: ${encoded(administrator.cert)}`,
    `    client-key-data: ${encoded(administrator.key)}`,
    '',
  ].join('\n');
  return { value: encoded(kubeconfig) };
}

export function removeSecrets({ store, kinds }: World, { metadata }: KubeObject): void {
  const secrets = kinds.named('secrets');
  for (const secret of store.list(secrets, metadata.namespace))
    if (secret.metadata.labels?.[clusterName] === metadata.name) store.remove(secrets, secret);
}
