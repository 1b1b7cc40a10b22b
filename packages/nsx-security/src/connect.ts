import { dirname } from 'node:path';
import { ApiError } from '@vmware/clients/http';
import { Nsx } from '@vmware/clients/nsx';
import {
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
    authentication: target.auth ?? (target.clientCert ? 'certificate' : 'session'),
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
  const target = name === '' ? nowhere(dirname(targets.path)) : targets.find(name);
  return {
    clients: {
      nsx: open(target),
      target,
      directory: dirname(targets.path),
      another: async (word) => open(targets.find(word)),
    },
    async close() {
      await Promise.all(others.map((nsx) => nsx.close()));
    },
  };
}

/** What a call that reads files has in a target's place: anything asked of it is refused. */
const nowhere = (directory: string): TargetConfig => ({
  name: '',
  environment: '',
  product: 'nsx-security',
  get host(): string {
    throw new ApiError('NO_TARGETS', 'This call reads a snapshot file and asks no manager', {
      remedy: 'Leave the snapshot out to ask the target.',
    });
  },
  port: 443,
  username: '',
  verifySsl: true,
  source: 'config.yaml',
  directory,
});
