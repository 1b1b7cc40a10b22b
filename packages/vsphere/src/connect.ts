import type { Rest } from '@vmware/clients/rest';
import { credentialsOf, type OpenTargets, openTargets } from '@vmware/clients/targets';
import { Vim } from '@vmware/clients/vim';
import type { Connection } from '@vmware/policy';
import type { VsphereClients } from './define.js';

/** Clients for a configured target. Nothing is sent before a tool asks for something. */
export async function connect(
  name: string,
  where: Omit<OpenTargets, 'product'>,
): Promise<Connection<VsphereClients>> {
  const target = (await openTargets({ product: 'vsphere', ...where })).find(name);
  const credentials = () => credentialsOf(target, where.env);
  const vim = Vim.open(target, { credentials });
  let rest: Promise<Rest> | undefined;

  const openRest = async () => {
    const { Rest } = await import('@vmware/clients/rest');
    return Rest.open(target, { credentials });
  };

  return {
    clients: {
      vim,
      rest: async (signal) => {
        rest ??= openRest();
        // One door at a time: a password that SOAP refuses is not tried at the other.
        await vim.identity({ signal });
        return rest;
      },
    },
    async close() {
      await Promise.all([vim.close(), rest?.then((opened) => opened.close())]);
    },
  };
}
