import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Endpoint } from './endpoint.js';
import { ApiError, codeOf } from './errors.js';

type Key = 'ca_file' | 'client_cert' | 'client_key';

/** The certificate a client shows and its key, both PEM, and who it says the client is. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
  readonly certificate: X509Certificate;
}

/** Certificates of `ca_file`. OpenSSL takes a file without one for an empty list; here that is an error. */
export function authorities(path: string): string {
  const text = read(path, 'ca_file');
  certificateIn(text, path, 'ca_file');
  return text;
}

/** The same of a server's own words. Throws CA_INVALID. */
export function authoritiesIn(text: string): string {
  if (isCertificate(text)) return text;
  throw new ApiError('CA_INVALID', 'The authority the server names is no certificate in PEM form', {
    remedy: 'Try again later, and check proxies between here and the server.',
  });
}

/**
 * The client certificate of an endpoint, undefined when it has none. Throws CONFIG_INVALID naming the key of
 * config.yaml when a file is no PEM, when the key is encrypted, or when it belongs to another certificate.
 */
export function identityOf(endpoint: Endpoint): Identity | undefined {
  const { clientCert, clientKey, clientCertPem, clientKeyPem } = endpoint;
  if (clientCertPem && clientKeyPem)
    return {
      cert: clientCertPem,
      key: clientKeyPem,
      certificate: new X509Certificate(clientCertPem),
    };
  if (!clientCert || !clientKey) return undefined;
  const [cert, key] = [read(clientCert, 'client_cert'), read(clientKey, 'client_key')];
  const certificate = certificateIn(cert, clientCert, 'client_cert');
  if (!certificate.checkPrivateKey(privateKeyIn(key, clientKey)))
    throw invalid('client_key', clientKey, `is not the key of client_cert ${clientCert}`);
  return { cert, key, certificate };
}

function isCertificate(text: string): boolean {
  try {
    new X509Certificate(text);
    return true;
  } catch {
    return false;
  }
}

function certificateIn(text: string, path: string, key: Key): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw invalid(key, path, 'holds no certificate in PEM form');
  }
}

function privateKeyIn(text: string, path: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch {
    // `BEGIN ENCRYPTED PRIVATE KEY`, or `Proc-Type: 4,ENCRYPTED` in older files.
    const isLocked = /\bENCRYPTED\b/.test(text);
    throw invalid(
      'client_key',
      path,
      isLocked ? 'is encrypted, and nobody can be asked' : 'holds no private key in PEM form',
      isLocked
        ? `Write the key without a passphrase (\`openssl pkey -in ${path}\`), mode 600.`
        : '',
    );
  }
}

function read(path: string, key: Key): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ApiError(
      `${key.toUpperCase()}_UNREADABLE`,
      `${key} ${path} cannot be read (${codeOf(error)})`,
      { remedy: `Correct ${key} in config.yaml.` },
    );
  }
}

const invalid = (key: Key, path: string, why: string, remedy = '') =>
  new ApiError('CONFIG_INVALID', `${key} ${path} ${why}`, {
    remedy: remedy || `Correct ${key} in config.yaml.`,
  });
