import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Endpoint } from '../src/http/index.js';

export interface Certified {
  readonly key: string;
  readonly cert: string;
  /** PEM file of the certificate. */
  readonly file: string;
}

/** A self-signed certificate made by the openssl program. */
export function certificate(names = 'DNS:localhost,IP:127.0.0.1'): Certified {
  const folder = mkdtempSync(join(tmpdir(), 'clients-certificate-'));
  const [key, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=loopback test', '-addext', `subjectAltName=${names}`];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const out = ['-keyout', key, '-out', file, '-days', '30'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...out, ...subject], { stdio: 'ignore' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(file, 'utf8'), file };
}

export interface Loopback extends AsyncDisposable {
  readonly endpoint: Endpoint;
  /** Bodies of the requests that arrived, in order. */
  readonly received: string[];
  readonly server: Server;
}

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** An https server on 127.0.0.1 and the endpoint that trusts it. */
export async function loopback(
  handler: Handler,
  made: Certified = certificate(),
  trust: Partial<Endpoint> = { caFile: made.file },
): Promise<Loopback> {
  const received: string[] = [];
  const server = createServer({ key: made.key, cert: made.cert }, (request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push(body);
      handler(request, response, body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    server,
    received,
    endpoint: {
      name: 'lab',
      product: 'vsphere',
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      verifySsl: true,
      directory: mkdtempSync(join(tmpdir(), 'clients-state-')),
      ...trust,
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
