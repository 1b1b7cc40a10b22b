import {
  credentialsOf,
  type OpenTargets,
  openTargets,
  type TargetConfig,
} from '@vmware/clients/targets';
import { Vim } from '@vmware/clients/vim';
import { Supervisors, Wcp } from '@vmware/clients/wcp';
import type { Connection } from '@vmware/policy';
import type { VksClients } from './define.js';

/** Clients for a target. Nothing is sent before a tool asks for something. */
export function openVks(target: TargetConfig, env?: NodeJS.ProcessEnv): Connection<VksClients> {
  const credentials = () => credentialsOf(target, env);
  const wcp = Wcp.open(target, { credentials });
  const supervisors = Supervisors.open(target, { wcp, credentials });
  const vim = Vim.open(target, { credentials });
  return {
    clients: {
      wcp,
      supervisors,
      target,
      about: async (signal) => (await vim.content({ signal })).about,
    },
    close: async () => {
      await Promise.all([supervisors.close(), vim.close()]);
      await wcp.close();
    },
  };
}

/** Clients for the configured target of that name. */
export async function connect(
  name: string,
  where: Omit<OpenTargets, 'product'>,
): Promise<Connection<VksClients>> {
  return openVks((await openTargets({ product: 'vks', ...where })).find(name), where.env);
}
