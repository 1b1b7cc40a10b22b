import { dirname } from 'node:path';
import { ApiError } from '@vmware/clients/http';
import { Nsx } from '@vmware/clients/nsx';
import {
  authenticationOf,
  configPath,
  credentialsOf,
  type OpenTargets,
  openTargets,
  type TargetConfig,
} from '@vmware/clients/targets';
import type { Connection } from '@vmware/policy';
import type { NsxClients } from './define.js';

/** A client for a configured target, authenticated as its entry says. */
export const openNsx = (target: TargetConfig, env?: NodeJS.ProcessEnv): Nsx =>
  Nsx.open(target, {
    credentials: () => credentialsOf(target, env),
    authentication: authenticationOf(target),
    account: target.username,
  });

/** Clients for a configured target; without a name, for reading files. Nothing is sent before a tool asks for something. */
export async function connect(
  name: string,
  where: Omit<OpenTargets, 'product'>,
): Promise<Connection<NsxClients>> {
  const from = { product: 'nsx-security', ...where };
  const opened: Nsx[] = [];
  const find = async (word: string) => (await openTargets(from)).find(word);
  const open = (target: TargetConfig) => {
    const nsx = openNsx(target, where.env);
    opened.push(nsx);
    return nsx;
  };
  const shared = {
    directory: dirname(configPath(from)),
    another: async (word: string) => open(await find(word)),
  };
  const close = async () => {
    await Promise.all(opened.map((nsx) => nsx.close()));
  };
  if (name === '') return { clients: nowhere(shared), close };
  const target = await find(name);
  return { clients: { nsx: open(target), target, ...shared }, close };
}

/** What a call that only reads files has in a target's place: asking anything of it is refused. */
const nowhere = (shared: Pick<NsxClients, 'directory' | 'another'>): NsxClients => ({
  target: { name: '', host: '', username: '' },
  ...shared,
  get nsx(): Nsx {
    throw new ApiError('NO_TARGETS', 'This call reads snapshot files and asks no manager', {
      remedy: 'Leave the snapshot out to ask the target.',
    });
  },
});
