import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from '../server/certificate.js';
import type { KubeFace } from './kube-face.js';

/** An API server's place on loopback. */
export interface Listener extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
}

/**
 * Listens on 127.0.0.1; a client may show a certificate that the authority `ca` has issued. Throws when the port is
 * taken.
 */
export async function listen(
  face: KubeFace,
  certificate: Certificate,
  port: number,
  ca?: string,
): Promise<Listener> {
  const server = createServer({
    ...certificate,
    ...(ca !== undefined && { ca, requestCert: true, rejectUnauthorized: false }),
  });
  server.on('request', (request, response) => {
    face.handle(request, response).catch(() => response.destroy()); // the client went away mid-request
  });
  const host = '127.0.0.1';
  const bound = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
  return {
    host,
    port: bound,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
