import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Harness } from '@vmware/policy/testing';
import { harness } from '@vmware/policy/testing';
import { type SimulateVksOptions, simulateVks, type VksSimulation } from '@vmware/simulators';
import type { VksClients } from '../src/define.js';
import { vksFor } from '../src/toolset.js';

export interface Lab extends Harness<VksClients> {
  readonly sim: VksSimulation;
  /** A HOME whose config.yaml has the targets `lab` (the default) and `prod`, both at the same vCenter. */
  readonly userHome: string;
  readonly env: Readonly<Record<string, string>>;
  /** Replaces rules.yaml. */
  rules(text: string): void;
  /** Moves the clock of the simulation and lets everything that is due happen. */
  advance(milliseconds: number): Promise<void>;
}

export interface LabOptions extends SimulateVksOptions {
  /** More fields of each target, as YAML: `, supervisor_login: vcenter`. */
  readonly extra?: string;
  /** The account; the simulation's administrator when absent. */
  readonly as?: { readonly username: string; readonly password: string };
}

/** The real toolset, the real pipeline and the real clients on a simulated vCenter of their own. */
export async function lab({ extra = '', as, ...options }: LabOptions = {}): Promise<Lab> {
  const sim = await simulateVks(options);
  const userHome = mkdtempSync(join(tmpdir(), 'vks-lab-'));
  const { host, port, thumbprint, credentials } = sim.vcenter;
  const { username, password } = as ?? credentials;
  const config = join(userHome, '.vmware-vks');
  mkdirSync(config, { mode: 0o700 });
  const target = (name: string, environment: string) =>
    `  - {name: ${name}, environment: ${environment}, host: ${host}, port: ${port}, username: '${username}', thumbprint: '${thumbprint}'${extra}}`;
  writeFileSync(
    join(config, 'config.yaml'),
    `targets:\n${target('lab', 'lab')}\n${target('prod', 'production')}\n`,
  );
  const env = {
    HOME: userHome,
    VMWARE_VKS_LAB_PASSWORD: password,
    VMWARE_VKS_PROD_PASSWORD: password,
  };
  const own = harness(vksFor({ home: userHome, env }), {
    dir: join(userHome, '.vmware'),
    agent: 'test',
  });
  return {
    ...own,
    sim,
    userHome,
    env,
    rules(text) {
      mkdirSync(own.home.dir, { recursive: true, mode: 0o700 });
      writeFileSync(own.home.rules, text, { mode: 0o600 });
    },
    async advance(milliseconds) {
      sim.vcenter.clock.advance(milliseconds);
      await sim.settle();
    },
    async [Symbol.asyncDispose]() {
      await own[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
      rmSync(userHome, { recursive: true, force: true });
    },
  };
}

/** Changing requests that arrived, as a plan names them, oldest first at the vCenter and then at Supervisors. */
export const changesAt = ({ vcenter, kubeRequests }: VksSimulation): string[] => [
  ...vcenter.requests
    .filter(({ changes }) => changes)
    .map(({ method, target, body = '' }) =>
      [method.split(' ')[0], target, body].filter(Boolean).join(' '),
    ),
  ...kubeRequests
    .filter(({ changes }) => changes)
    .map(({ method, target, body }) =>
      [method.split(' ')[0], target, body].filter(Boolean).join(' '),
    ),
];
