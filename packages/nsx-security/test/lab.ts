import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Harness } from '@vmware/policy/testing';
import { harness } from '@vmware/policy/testing';
import { type NsxSimulation, type SimulateNsxOptions, simulateNsx } from '@vmware/simulators';
import type { NsxClients } from '../src/define.js';
import { nsxSecurityFor } from '../src/toolset.js';

/** Where an NSX Manager answers. */
export type Endpoint = Pick<NsxSimulation, 'host' | 'port' | 'thumbprint' | 'credentials'>;

export interface Lab extends Harness<NsxClients> {
  /** A HOME whose config.yaml has the targets `lab` (the default) and `prod`, both at the same manager. */
  readonly userHome: string;
  readonly env: Readonly<Record<string, string>>;
  /** Replaces rules.yaml. */
  rules(text: string): void;
}

/** The real toolset, the real pipeline and the real client in a home of their own, on a given manager. */
export function labOn(
  endpoint: Endpoint,
  { extra = '', more = '' }: { extra?: string; more?: string } = {},
): Lab {
  const userHome = mkdtempSync(join(tmpdir(), 'nsx-lab-'));
  const config = join(userHome, '.vmware-nsx-security');
  mkdirSync(config, { mode: 0o700 });
  writeFileSync(join(config, 'config.yaml'), targetsAt(endpoint, extra, more));
  const env = {
    HOME: userHome,
    VMWARE_NSX_SECURITY_LAB_PASSWORD: endpoint.credentials.password,
    VMWARE_NSX_SECURITY_PROD_PASSWORD: endpoint.credentials.password,
    VMWARE_NSX_SECURITY_DR_PASSWORD: endpoint.credentials.password,
  };
  const own = harness(nsxSecurityFor({ home: userHome, env }), {
    dir: join(userHome, '.vmware'),
    agent: 'test',
  });
  return {
    ...own,
    userHome,
    env,
    rules(text) {
      mkdirSync(own.home.dir, { recursive: true, mode: 0o700 });
      writeFileSync(own.home.rules, text, { mode: 0o600 });
    },
    async [Symbol.asyncDispose]() {
      await own[Symbol.asyncDispose]();
      rmSync(userHome, { recursive: true, force: true });
    },
  };
}

const targetsAt = (
  { host, port, thumbprint, credentials: { username } }: Endpoint,
  extra: string,
  more: string,
): string =>
  `targets:
  lab: {host: ${host}, port: ${port}, username: ${username}, thumbprint: '${thumbprint}', environment: lab${extra}}
  prod: {host: ${host}, port: ${port}, username: ${username}, thumbprint: '${thumbprint}', environment: production}
${more}default_target: lab
`;

/** A lab on a simulated NSX Manager of its own. */
export async function lab(
  options: SimulateNsxOptions = {},
): Promise<Lab & { readonly sim: NsxSimulation }> {
  const sim = await simulateNsx({ traceMilliseconds: 20, realizeMilliseconds: 5, ...options });
  const made = labOn(sim);
  return {
    ...made,
    sim,
    async [Symbol.asyncDispose]() {
      await made[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
}

/** Changing requests the simulation received, as a plan names them; traces too. */
export const changesAt = ({ requests }: Pick<NsxSimulation, 'requests'>): string[] =>
  requests
    .filter(({ method }) => !/^GET |^POST \/api\/session\//.test(method))
    .map(({ method, target, body = '' }) =>
      [method.split(' ')[0], target, body].filter(Boolean).join(' '),
    );
