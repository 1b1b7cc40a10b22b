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
  const vim = Vim.open(target, { credentials: () => credentialsOf(target, where.env) });
  return { clients: { vim }, close: () => vim.close() };
}
