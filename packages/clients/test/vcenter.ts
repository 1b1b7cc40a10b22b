import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Failure, type SimulateOptions, type Simulation, simulate } from '@vmware/simulators';
import type { Endpoint } from '../src/http/index.js';
import { Vim } from '../src/vim/index.js';

export interface Lab extends AsyncDisposable {
  readonly vcenter: Simulation;
  readonly vim: Vim;
  readonly endpoint: Endpoint;
  /** How often a method arrived. */
  count(method: string): number;
  /** Makes the next `times` calls of a method fail. */
  fail(method: string, how: Failure, times?: number): void;
}

/** A simulated vCenter and a client that pins its certificate. */
export async function lab(options: SimulateOptions = {}, password?: string): Promise<Lab> {
  const vcenter = await simulate({ seed: 'lab', ...options });
  const { host, port, thumbprint, credentials, requests } = vcenter;
  const endpoint = {
    name: 'lab',
    product: 'vsphere',
    host,
    port,
    verifySsl: true,
    thumbprint,
    directory: mkdtempSync(join(tmpdir(), 'vim-state-')),
  };
  const vim = Vim.open(endpoint, {
    credentials: async () => ({ ...credentials, ...(password && { password }) }),
  });
  return {
    vcenter,
    vim,
    endpoint,
    fail: (method, how, times = 1) => vcenter.faults.add({ match: { method }, times, then: how }),
    count: (method) => requests.filter((request) => request.method === method).length,
    async [Symbol.asyncDispose]() {
      await vim.close();
      await vcenter[Symbol.asyncDispose]();
    },
  };
}
