import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SimulateVksOptions, simulateVks, type VksSimulation } from '@vmware/simulators';
import type { Endpoint } from '../src/http/index.js';
import { Supervisors, Wcp } from '../src/wcp/index.js';

export interface WcpLab extends AsyncDisposable {
  readonly sim: VksSimulation;
  readonly wcp: Wcp;
  readonly supervisors: Supervisors;
  /** Requests at an API server, as `GET /apis`, oldest first. */
  requestsAt(server: string): string[];
  /** Logins to Supervisors and clusters that succeeded. */
  logins(): number;
}

interface Login {
  readonly username?: string;
  readonly password?: string;
  /** Password for the Supervisors alone. */
  readonly supervisorPassword?: string;
  readonly supervisorLogin?: string;
}

/** A simulated vCenter with Supervisors, and the clients for it. */
export async function wcpLab(options: SimulateVksOptions = {}, login: Login = {}): Promise<WcpLab> {
  const sim = await simulateVks(options);
  const { username = sim.credentials.username, password = sim.credentials.password } = login;
  const target: Endpoint & { supervisorLogin?: string } = {
    name: 'lab',
    product: 'vks',
    host: sim.host,
    port: sim.port,
    verifySsl: true,
    thumbprint: sim.thumbprint,
    directory: mkdtempSync(join(tmpdir(), 'wcp-state-')),
    ...(login.supervisorLogin && { supervisorLogin: login.supervisorLogin }),
  };
  const wcp = Wcp.open(target, { credentials: async () => ({ username, password }) });
  const supervisors = Supervisors.open(target, {
    wcp,
    credentials: async () => ({ username, password: login.supervisorPassword ?? password }),
  });
  return {
    sim,
    wcp,
    supervisors,
    requestsAt: (server) =>
      sim.kubeRequests.flatMap((request) =>
        request.server === server && !request.target.startsWith('/wcp/')
          ? [`${request.method.split(' ')[0]} ${request.target.split('?')[0]}`]
          : [],
      ),
    logins: () => sim.logins(),
    async [Symbol.asyncDispose]() {
      await supervisors.close();
      await wcp.close();
      await sim[Symbol.asyncDispose]();
    },
  };
}
