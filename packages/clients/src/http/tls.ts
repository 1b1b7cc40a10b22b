import { isIP } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { Endpoint } from './endpoint.js';
import { ApiError, codeOf } from './errors.js';
import { authorities, authoritiesIn, identityOf } from './pem.js';

/** Milliseconds from the first packet to a checked certificate. */
const patience = 10_000;

/** A server's certificate as a person can compare it. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  /** SHA-256, upper-case hex pairs with colons. */
  readonly thumbprint: string;
  readonly pem: string;
  /** Why the system does not trust it, in OpenSSL's words; absent when it does. */
  readonly problem?: string;
}

/**
 * A TLS connection (1.2 or later) to exactly the server the endpoint trusts. Nothing of a request is
 * written before the certificate has been judged. Throws UNREACHABLE, TLS_UNTRUSTED or TLS_HOSTNAME;
 * CONNECTION_CLOSED when the signal ends it.
 */
export async function connectTls(endpoint: Endpoint, signal?: AbortSignal): Promise<TLSSocket> {
  if (process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
    throw new ApiError(
      'TLS_DISABLED_GLOBALLY',
      'NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off for every connection',
      { remedy: 'Unset NODE_TLS_REJECT_UNAUTHORIZED and run the command again.' },
    );
  const own = { ...authority(endpoint), ...identity(endpoint) };
  const socket = await handshake(endpoint.host, endpoint.port, own, signal);
  const refusal = judge(endpoint, socket);
  if (!refusal) return socket;
  socket.destroy();
  throw refusal;
}

/** The certificate a server shows, for a first-use question. Nothing is sent and nothing is trusted. */
export async function fetchCertificate(host: string, port = 443): Promise<Certificate> {
  const socket = await handshake(host, port);
  try {
    return describe(socket.getPeerCertificate(), problemOf(socket));
  } finally {
    socket.destroy();
  }
}

/** Certificates are judged by `judge`, not by Node, so that a refusal can show what was presented. */
function handshake(
  host: string,
  port: number,
  own: Own = {},
  signal?: AbortSignal,
): Promise<TLSSocket> {
  return new Promise((done, fail) => {
    if (signal?.aborted) return fail(cutOff(host, port));
    const socket = connect({
      host,
      port,
      minVersion: 'TLSv1.2',
      rejectUnauthorized: false,
      ...(isIP(host) === 0 && { servername: host }),
      ...own,
    });
    const end = (reason: ApiError) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.destroy();
      fail(reason);
    };
    const giveUp = (error: unknown) => end(unreachable(host, port, codeOf(error)));
    const abort = () => end(cutOff(host, port));
    signal?.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(giveUp, patience, Object.assign(new Error(), { code: 'ETIMEDOUT' }));
    socket.once('error', giveUp);
    socket.once('close', () => giveUp(Object.assign(new Error(), { code: 'ECONNRESET' })));
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.removeAllListeners('error').removeAllListeners('close');
      done(socket);
    });
  });
}

/**
 * Who may vouch for the server: nobody when a pin decides or nothing does, which also spares the
 * 25 ms of CPU that loading the system's authorities takes; undefined for the system's.
 */
function authority({ ca, caFile, thumbprint, verifySsl }: Endpoint): Pick<Own, 'ca'> {
  if (thumbprint || !verifySsl) return { ca: [] };
  if (ca !== undefined) return { ca: authoritiesIn(ca) };
  return caFile ? { ca: authorities(caFile) } : {};
}

/** The certificate we show, if the server asks for one. */
function identity(endpoint: Endpoint): Pick<Own, 'cert' | 'key'> {
  const own = identityOf(endpoint);
  return own ? { cert: own.cert, key: own.key } : {};
}

interface Own {
  readonly ca?: string | [];
  readonly cert?: string;
  readonly key?: string;
}

/** Why the endpoint does not trust this connection, if it does not. */
function judge(endpoint: Endpoint, socket: TLSSocket): ApiError | undefined {
  const { host, port, product, thumbprint, verifySsl } = endpoint;
  const shown = socket.getPeerCertificate();
  const seen = `its certificate is ${subjectOf(shown)}, SHA-256 ${shown.fingerprint256}`;
  const details = { subject: subjectOf(shown), thumbprint: shown.fingerprint256 };
  if (thumbprint) {
    if (shown.fingerprint256 === thumbprint) return undefined;
    return new ApiError(
      'TLS_UNTRUSTED',
      `${host}:${port} does not have the certificate that is pinned for it; ${seen}`,
      {
        remedy: `If the certificate was renewed on purpose, run vmware-${product} init to trust it, or correct thumbprint: in config.yaml.`,
        details: { ...details, pinned: thumbprint },
      },
    );
  }
  const problem = problemOf(socket);
  if (!problem || !verifySsl) return undefined;
  if (problem === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return new ApiError(
      'TLS_HOSTNAME',
      `The certificate of ${host}:${port} is not made out to ${host} but to ${shown.subjectaltname ?? subjectOf(shown)}; ${seen}`,
      {
        remedy: `Use a host name the certificate names, or run vmware-${product} init to trust exactly this certificate.`,
        details,
      },
    );
  return new ApiError('TLS_UNTRUSTED', `${host}:${port} is not trusted (${problem}); ${seen}`, {
    remedy: `Compare the thumbprint with the server's, then run vmware-${product} init to trust it, or set thumbprint: or ca_file: in config.yaml.`,
    details: { ...details, problem },
  });
}

function problemOf(socket: TLSSocket): string | undefined {
  if (socket.authorized) return undefined;
  // Declared an Error; at run time it is OpenSSL's code, a string.
  const problem: unknown = socket.authorizationError;
  return problem instanceof Error ? codeOf(problem) : String(problem ?? 'UNVERIFIED');
}

function describe(certificate: PeerCertificate, problem: string | undefined): Certificate {
  const base64 = certificate.raw.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return {
    subject: subjectOf(certificate),
    issuer: named(certificate.issuer),
    validFrom: certificate.valid_from,
    validTo: certificate.valid_to,
    thumbprint: certificate.fingerprint256,
    pem: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    ...(problem && { problem }),
  };
}

const subjectOf = (certificate: PeerCertificate) => named(certificate.subject);

const named = (name: PeerCertificate['subject'] | undefined): string =>
  Object.entries(name ?? {})
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(', ') || '(no subject)';

/** Nobody waits for this connection any more; nothing was sent over it. */
const cutOff = (host: string, port: number) =>
  new ApiError('CONNECTION_CLOSED', `Connecting to ${host}:${port} was given up`, {
    remedy: 'Run the command again.',
  });

/** A connection that never came up: whatever was to be sent was not. */
function unreachable(host: string, port: number, code: string): ApiError {
  const why: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there',
    ENOTFOUND: 'the name cannot be resolved',
    EAI_AGAIN: 'the name server did not answer',
    ETIMEDOUT: 'no answer within 10 s',
    ECONNRESET: 'the connection was closed during the TLS handshake',
    EHOSTUNREACH: 'there is no route to it',
    ENETUNREACH: 'there is no route to it',
  };
  const tls = code === 'EPROTO' || code.startsWith('ERR_SSL');
  const reason = tls ? 'it does not speak TLS 1.2 or later' : (why[code] ?? 'connecting failed');
  return new ApiError('UNREACHABLE', `${host}:${port} cannot be reached: ${reason} (${code})`, {
    remedy: 'Check host: and port: in config.yaml, the network and any firewall.',
    retryable: true,
    details: { host, port, reason: code },
  });
}
