import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Harness } from '@vmware/policy/testing';
import { harness } from '@vmware/policy/testing';
import { type SimulateOptions, type Simulation, simulate } from '@vmware/simulators';
import type { VsphereClients } from '../src/define.js';
import { vsphereFor } from '../src/toolset.js';

/** Where a vCenter answers, real or simulated. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly thumbprint: string;
  readonly credentials: { readonly username: string; readonly password: string };
}

export interface Lab extends Harness<VsphereClients> {
  /** A HOME whose config.yaml has the targets `lab` (the default) and `prod`, both at the same vCenter. */
  readonly userHome: string;
  readonly env: Readonly<Record<string, string>>;
  /** Replaces rules.yaml. */
  rules(text: string): void;
}

/** The real toolset, the real pipeline and the real clients in a home of their own, on a given vCenter. */
export function labOn(endpoint: Endpoint, { agent = 'test' }: { agent?: string } = {}): Lab {
  const userHome = mkdtempSync(join(tmpdir(), 'vsphere-lab-'));
  const config = join(userHome, '.vmware-vsphere');
  mkdirSync(config, { mode: 0o700 });
  writeFileSync(join(config, 'config.yaml'), targetsAt(endpoint));
  const env = {
    HOME: userHome,
    VMWARE_LAB_PASSWORD: endpoint.credentials.password,
    VMWARE_PROD_PASSWORD: endpoint.credentials.password,
  };
  const own = harness(vsphereFor({ home: userHome, env }), {
    dir: join(userHome, '.vmware'),
    agent,
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

const targetsAt = ({ host, port, thumbprint, credentials: { username } }: Endpoint): string =>
  ['targets:']
    .concat(
      [
        ['lab', 'lab'],
        ['prod', 'production'],
      ].map(
        ([name, environment]) =>
          `  - {name: ${name}, host: ${host}, port: ${port}, username: ${username}, thumbprint: '${thumbprint}', environment: ${environment}}`,
      ),
    )
    .join('\n');

/** A lab on a simulated vCenter of its own. */
export async function lab(
  options: SimulateOptions = {},
): Promise<Lab & { readonly sim: Simulation }> {
  const sim = await simulate({ seed: 'lab', ...options });
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

/** Changing requests the simulation received, as a plan names them. */
export const changesAt = ({ requests }: Simulation): string[] =>
  requests.filter(({ changes }) => changes).map(({ method, on }) => `${method} ${on}`);
