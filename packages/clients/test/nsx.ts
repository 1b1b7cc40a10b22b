import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NsxSimulation, type SimulateNsxOptions, simulateNsx } from '@vmware/simulators';
import { Nsx, type NsxOptions } from '../src/nsx/index.js';

/** A simulated NSX Manager and clients to it, with a place of their own for the state of refused logins. */
export interface NsxLab extends AsyncDisposable {
  readonly sim: NsxSimulation;
  readonly nsx: Nsx;
  /** Another client to the same manager. */
  open(options?: Partial<NsxOptions> & { clientCert?: string; clientKey?: string }): Nsx;
  /** How often a route was asked for. */
  count(route: string): number;
}

export async function nsxLab(options: SimulateNsxOptions = {}, password?: string): Promise<NsxLab> {
  const sim = await simulateNsx({ estate: 'lab', ...options });
  const directory = mkdtempSync(join(tmpdir(), 'nsx-client-'));
  const opened: Nsx[] = [];
  const open: NsxLab['open'] = ({ clientCert, clientKey, ...rest } = {}) => {
    const nsx = Nsx.open(
      {
        name: 'lab',
        product: 'nsx-security',
        host: sim.host,
        port: sim.port,
        verifySsl: true,
        thumbprint: sim.thumbprint,
        directory,
        ...(clientCert && { clientCert }),
        ...(clientKey && { clientKey }),
      },
      {
        credentials: async () => ({ ...sim.credentials, ...(password && { password }) }),
        ...rest,
      },
    );
    opened.push(nsx);
    return nsx;
  };
  return {
    sim,
    nsx: open(),
    open,
    count: (route) => sim.requests.filter(({ method }) => method === route).length,
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((nsx) => nsx.close()));
      await sim[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
