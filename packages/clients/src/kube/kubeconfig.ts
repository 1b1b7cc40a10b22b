import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ApiError } from '../http/errors.js';
import { fieldsOf } from './status.js';
import type { Fields } from './types.js';

/** What a kubeconfig says of one server and of who is asking. */
export interface Kubeconfig {
  /** `https://host:port` */
  readonly server: string;
  /** PEM. Absent: the system's authorities. */
  readonly ca?: string;
  readonly token?: string;
  /** PEM, both or neither. */
  readonly clientCert?: string;
  readonly clientKey?: string;
  readonly namespace?: string;
}

export interface RenderedKubeconfig {
  /** The cluster's name in it; the user is `<cluster>-user`. */
  readonly cluster: string;
  readonly context: string;
  readonly namespace?: string | undefined;
  /** `https://host:port` */
  readonly server: string;
  /** PEM. */
  readonly ca?: string | undefined;
  /** Only where the target has `verify_ssl: false`: nothing is checked then, a `ca` neither. */
  readonly insecure: boolean;
  readonly user:
    | { readonly token: string }
    | { readonly clientCert: string; readonly clientKey: string };
}

/** Far more than a kubeconfig of one cluster has. */
const longest = 1024 * 1024;

/** They run programs or read files here, so whoever wrote the kubeconfig would decide which. */
const refusedUser = [
  'exec',
  'auth-provider',
  'client-certificate',
  'client-key',
  'tokenFile',
  'username',
  'password',
  'as',
];
const refusedCluster = ['certificate-authority', 'proxy-url', 'tls-server-name'];

/**
 * Reads the current context of a kubeconfig, the only one where none is current. Throws KUBECONFIG_INVALID, saying
 * which key is wrong and never what it holds, for one that is broken, refers to files, or runs programs.
 */
export async function parseKubeconfig(text: string): Promise<Kubeconfig> {
  if (text.length > longest) throw invalid('it is larger than 1 MiB');
  const config = fieldsOf(await documentIn(text));
  if (config['kind'] !== 'Config') throw invalid('kind is not Config');
  const current = config['current-context'];
  const context = entryIn(config, 'contexts', 'context', current === '' ? undefined : current);
  const cluster = entryIn(config, 'clusters', 'cluster', context['cluster']);
  const user = entryIn(config, 'users', 'user', context['user']);
  refuse(cluster, refusedCluster);
  refuse(user, refusedUser);
  const ca = decoded(cluster, 'certificate-authority-data', isCertificate);
  const clientCert = decoded(user, 'client-certificate-data', isCertificate);
  const clientKey = decoded(user, 'client-key-data', isKey);
  const token = textIn(user, 'token');
  const namespace = textIn(context, 'namespace');
  if ((clientCert === undefined) !== (clientKey === undefined))
    throw invalid('client-certificate-data and client-key-data need each other');
  if (clientCert !== undefined && clientKey !== undefined && !belong(clientCert, clientKey))
    throw invalid('client-key-data is not the key of client-certificate-data');
  if (clientCert === undefined && token === undefined)
    throw invalid('the user has neither a token nor a client certificate');
  return {
    server: serverIn(cluster),
    ...(ca !== undefined && { ca }),
    ...(token !== undefined && { token }),
    ...(clientCert !== undefined && { clientCert }),
    ...(clientKey !== undefined && { clientKey }),
    ...(namespace !== undefined && { namespace }),
  };
}

/** A kubeconfig of one cluster, one user and one context, which is current, as YAML. It holds the credential. */
export async function renderKubeconfig(given: RenderedKubeconfig): Promise<string> {
  const { stringify } = await import('yaml');
  const { cluster, context, namespace, server, ca, insecure, user } = given;
  const name = `${cluster}-user`;
  const credential =
    'token' in user
      ? { token: user.token }
      : {
          'client-certificate-data': encoded(user.clientCert),
          'client-key-data': encoded(user.clientKey),
        };
  const trust = insecure
    ? { 'insecure-skip-tls-verify': true } // kubectl refuses an authority beside it
    : ca !== undefined && { 'certificate-authority-data': encoded(ca) };
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: cluster, cluster: { server, ...trust } }],
      users: [{ name, user: credential }],
      contexts: [
        { name: context, context: { cluster, user: name, ...(namespace && { namespace }) } },
      ],
      'current-context': context,
    },
    { lineWidth: 0 }, // a token is one line
  );
}

async function documentIn(text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(text, { prettyErrors: false, logLevel: 'error' });
  } catch {
    throw invalid('it is no YAML');
  }
}

/** The entry of that name in a list of named entries; without a name the only one there is. */
function entryIn(config: Fields, list: string, key: string, name: unknown): Fields {
  const all = config[list];
  const entries = (Array.isArray(all) ? all : []).map((each: unknown) => fieldsOf(each));
  const found = name === undefined ? entries : entries.filter((entry) => entry['name'] === name);
  const [entry] = found;
  if (!entry || found.length > 1)
    throw invalid(`${list} does not name exactly one ${key} that is meant`);
  return fieldsOf(entry[key]);
}

function refuse(entry: Fields, keys: readonly string[]): void {
  const key = keys.find((one) => entry[one] !== undefined && entry[one] !== '');
  if (key !== undefined)
    throw invalid(`${key} is not taken: only what stands in the kubeconfig itself is`);
}

function serverIn(cluster: Fields): string {
  const server = textIn(cluster, 'server') ?? '';
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (
    url?.protocol !== 'https:' ||
    url.username ||
    url.password ||
    url.search ||
    url.hash ||
    url.pathname !== '/'
  )
    throw invalid('server is not https://host:port');
  return `https://${url.host}`;
}

function decoded(entry: Fields, key: string, isGood: (pem: string) => boolean): string | undefined {
  const text = textIn(entry, key);
  if (text === undefined) return undefined;
  const pem = Buffer.from(text, 'base64').toString('utf8');
  if (!isGood(pem)) throw invalid(`${key} is not the Base64 of a PEM block that can be read`);
  return pem;
}

const isCertificate = (pem: string): boolean => isReadable(() => new X509Certificate(pem));
const isKey = (pem: string): boolean => isReadable(() => createPrivateKey(pem));

const belong = (cert: string, key: string): boolean =>
  new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));

function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

const textIn = (entry: Fields, key: string): string | undefined => {
  const value = entry[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const encoded = (pem: string): string => Buffer.from(pem).toString('base64');

const invalid = (why: string): ApiError =>
  new ApiError('KUBECONFIG_INVALID', `The kubeconfig cannot be used: ${why}`, {
    remedy: 'Fetch a new kubeconfig from the server.',
  });
