import { X509Certificate } from 'node:crypto';
import type { Endpoint } from '../http/endpoint.js';
import { ApiError } from '../http/errors.js';
import type { Kube } from '../kube/client.js';
import { parseKubeconfig, renderKubeconfig } from '../kube/kubeconfig.js';
import { fieldsOf } from '../kube/status.js';
import { addressOf, serverOf } from './address.js';
import {
  type Cluster,
  type GuestLogin,
  isNoLogin,
  type LoginService,
  logInToCluster,
  type Token,
} from './login.js';

/** Where a cluster answers, and the credential for it: a token, or a client certificate in the endpoint. */
export interface ClusterAccess {
  readonly endpoint: Endpoint;
  readonly token?: Token;
  /** A new token, where the login service gives them. */
  readonly renew?: (signal: AbortSignal) => Promise<Token>;
  /** Milliseconds since 1970 at which the client certificate ends. */
  readonly validUntil?: number;
  /** Where it is from, for people. */
  readonly from: 'login service' | 'kubeconfig secret';
  /** As YAML, with the credential. */
  kubeconfig(where: { readonly name: string; readonly namespace?: string }): Promise<string>;
}

/** One cluster as it is there now: another of the same name has another uid. */
export interface ControlPlane {
  readonly uid: string;
  readonly address: string;
}

export interface AccessFrom {
  /** How a Supervisor is trusted; the cluster has an authority of its own. */
  readonly endpoint: Endpoint;
  readonly service: LoginService;
  /** Makes one login, unless a refusal was too recent. */
  readonly attempt: <T extends object>(
    login: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ) => Promise<T>;
  readonly supervisor: Kube;
  readonly signal: AbortSignal | undefined;
}

const usualPort = 6443;

/**
 * Asks the login service for this cluster; where it knows no clusters, reads the secret that Cluster API keeps.
 * Throws AUTH_FAILED, NOT_PROVISIONED or NO_CREDENTIAL, saying which credential failed.
 */
export async function clusterAccess(
  cluster: Cluster,
  { address }: ControlPlane,
  from: AccessFrom,
): Promise<ClusterAccess> {
  const service = { ...from.service, to: labelOf(cluster) };
  const login = (signal: AbortSignal): Promise<GuestLogin> =>
    logInToCluster(service, cluster, signal);
  try {
    const given = await from.attempt(login, from.signal);
    const endpoint = trusting(from.endpoint, given.server ?? address, given.ca);
    return withKubeconfig({ endpoint, token: given, renew: login, from: 'login service' });
  } catch (error) {
    if (!isNoLogin(error) || from.signal?.aborted) throw error;
  }
  return fromSecret(cluster, from);
}

/** Reads the Cluster. Throws NOT_FOUND, or NOT_PROVISIONED while it has no `spec.controlPlaneEndpoint`. */
export async function controlPlaneOf(
  cluster: Cluster,
  { supervisor, signal }: Pick<AccessFrom, 'supervisor' | 'signal'>,
): Promise<ControlPlane> {
  const { namespace, name } = cluster;
  const clusters = await supervisor.resource('cluster.x-k8s.io', 'clusters', { signal });
  const { spec, metadata } = await supervisor.get(clusters, { namespace, name, signal });
  const { host, port } = fieldsOf(spec?.['controlPlaneEndpoint']);
  if (typeof host === 'string' && host !== '') {
    const at = { host, port: typeof port === 'number' && port > 0 ? port : usualPort };
    return { uid: metadata.uid ?? '', address: serverOf(at) };
  }
  throw new ApiError(
    'NOT_PROVISIONED',
    `${labelOf(cluster)} has no control plane endpoint yet, so nobody can log in to it`,
    {
      remedy: `Run \`vmware-vks tkc wait ${name} -n ${namespace}\`, then try again.`,
      retryable: true,
    },
  );
}

export const labelOf = ({ namespace, name }: Cluster): string => `the cluster ${namespace}/${name}`;

async function fromSecret(
  cluster: Cluster,
  { endpoint, supervisor, signal }: AccessFrom,
): Promise<ClusterAccess> {
  const { namespace, name } = cluster;
  const secrets = await supervisor.resource('', 'secrets', { signal });
  const place = { namespace, name: `${name}-kubeconfig`, signal };
  const secret = await supervisor.get(secrets, place).catch((error: unknown) => {
    throw isRefusal(error)
      ? noCredential(cluster, `cannot be read: ${error.message}`, error)
      : error;
  });
  const { value } = fieldsOf(secret['data']);
  const text = Buffer.from(typeof value === 'string' ? value : '', 'base64').toString('utf8');
  const kubeconfig = await parseKubeconfig(text).catch((error: unknown) => {
    throw isRefusal(error) ? noCredential(cluster, `is no use: ${error.message}`, error) : error;
  });
  const { clientCert, clientKey, token } = kubeconfig;
  const trusted = trusting(endpoint, kubeconfig.server, kubeconfig.ca);
  if (clientCert !== undefined && clientKey !== undefined)
    return withKubeconfig({
      endpoint: { ...trusted, clientCertPem: clientCert, clientKeyPem: clientKey },
      validUntil: Date.parse(new X509Certificate(clientCert).validTo),
      from: 'kubeconfig secret',
    });
  return withKubeconfig({
    endpoint: trusted,
    ...(token !== undefined && { token: { token, expiresAt: undefined } }),
    from: 'kubeconfig secret',
  });
}

const refusals = new Set(['NOT_FOUND', 'NO_PERMISSION', 'KUBECONFIG_INVALID']);
const isRefusal = (error: unknown): error is ApiError =>
  error instanceof ApiError && refusals.has(error.code);

const noCredential = ({ namespace, name }: Cluster, why: string, cause: ApiError) =>
  new ApiError(
    'NO_CREDENTIAL',
    `There is no credential for the cluster ${namespace}/${name}: the login service does not know it, and the secret ${name}-kubeconfig ${why}`,
    { remedy: `Ask for the role edit or owner on the vSphere Namespace ${namespace}.`, cause },
  );

const withKubeconfig = (access: Omit<ClusterAccess, 'kubeconfig'>): ClusterAccess => ({
  ...access,
  kubeconfig: async ({ name, namespace }) => {
    const { endpoint, token } = access;
    const { clientCertPem: clientCert = '', clientKeyPem: clientKey = '' } = endpoint;
    return renderKubeconfig({
      cluster: name,
      context: `${name}-context`,
      namespace,
      server: `https://${serverOf(endpoint)}`,
      ca: endpoint.ca,
      insecure: !endpoint.verifySsl,
      user: token ? { token: token.token } : { clientCert, clientKey },
    });
  },
});

/** The cluster's own authority, where it says one, instead of what the Supervisor is trusted by. */
function trusting(
  { thumbprint: _, ca: __, caFile, ...rest }: Endpoint,
  server: string,
  ca: string | undefined,
): Endpoint {
  const address = addressOf(server.replace(/^https:\/\//, '').replace(/\/+$/, ''), usualPort);
  return { ...rest, ...address, ...(ca === undefined ? caFile && { caFile } : { ca }) };
}
