import { dirname } from 'node:path';
import { ApiError } from '@vmware/clients/http';
import { Nsx } from '@vmware/clients/nsx';
import {
  authenticationOf,
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

/** Clients for a configured target. Nothing is sent before a tool asks for something. */
export async function connect(
  name: string,
  where: Omit<OpenTargets, 'product'>,
): Promise<Connection<NsxClients>> {
  const targets = await openTargets({ product: 'nsx-security', ...where });
  const others: Nsx[] = [];
  const open = (target: TargetConfig) => {
    const nsx = openNsx(target, where.env);
    others.push(nsx);
    return nsx;
  };
  const directory = dirname(targets.path);
  const another = async (word: string) => open(targets.find(word));
  const close = async () => {
    await Promise.all(others.map((nsx) => nsx.close()));
  };
  if (name === '') return { clients: nowhere(directory, another), close };
  const target = targets.find(name);
  return { clients: { nsx: open(target), target, directory, another }, close };
}

/** What a call that only reads files has in a target's place: asking anything of it is refused. */
const nowhere = (directory: string, another: NsxClients['another']): NsxClients => ({
  target: { name: '', host: '', username: '' },
  directory,
  another,
  get nsx(): Nsx {
    throw new ApiError('NO_TARGETS', 'This call reads snapshot files and asks no manager', {
      remedy: 'Leave the snapshot out to ask the target.',
    });
  },
});
