import type { Simulation } from '@vmware/simulators';
import { Rest } from '../src/rest/index.js';
import { type Lab, lab } from './vcenter.js';

/** A REST client at the same server as `there.vim`. */
export const restTo = ({ endpoint, vcenter }: Lab, password?: string): Rest =>
  Rest.open(endpoint, {
    credentials: async () => ({ ...vcenter.credentials, ...(password && { password }) }),
  });

/** A simulated vCenter and a REST client at it. */
export async function restLab(...options: Parameters<typeof lab>) {
  const there = await lab(...options);
  const rest = restTo(there, options[1]);
  return {
    ...there,
    rest,
    async [Symbol.asyncDispose]() {
      await rest.close();
      await there[Symbol.asyncDispose]();
    },
  };
}

/** Makes the simulation a vCenter older than 7.0: it has no /api. */
export const withoutApi = ({ faults }: Simulation): void =>
  faults.add({ match: { method: 'POST /api/session' }, times: Infinity, then: { status: 404 } });
