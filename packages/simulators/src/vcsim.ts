import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { buildGoTool } from './go-tool.js';

export interface VcsimOptions {
  /** Machines, spread over the hosts; 4 when absent. 10,000 take about half a minute. */
  readonly vms?: number;
  readonly clusters?: number;
  /** Hosts in each cluster. */
  readonly hosts?: number;
  /** A standalone ESXi host instead of a vCenter. */
  readonly esx?: boolean;
  readonly apiVersion?: string;
  /** Idle time after which a session ends, as Go writes it: `2s`. */
  readonly sessionTimeout?: string;
  readonly tls?: boolean;
  /** Power the machines on; true when absent. */
  readonly autostart?: boolean;
}

/** govmomi's simulator, running until it is disposed of. */
export interface Vcsim extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly credentials: { readonly username: string; readonly password: string };
  /** PEM; empty without TLS. */
  readonly ca: string;
  /** SHA-256, `AA:BB:..`; empty without TLS. */
  readonly thumbprint: string;
}

/** Why there is no vcsim on this machine, in a few words. */
export interface Skipped {
  readonly skipped: string;
}

/** Starts vcsim: the program `$VCSIM`, or ours, built when Go is present. Throws when it does not start. */
export async function vcsim(options: VcsimOptions = {}): Promise<Vcsim | Skipped> {
  const given = process.env['VCSIM'];
  const program = given ? { path: given } : await buildGoTool('vcsim', '.');
  if ('skipped' in program) return { skipped: `${program.skipped} and VCSIM is not set` };
  const child = spawn(program.path, flagsOf(options), { stdio: ['pipe', 'pipe', 'inherit'] });
  const line = await firstLine(child, program.path);
  const { url, username, password, thumbprint, ca } = JSON.parse(line) as Record<string, string>;
  const address = new URL(url ?? '');
  return {
    url: url ?? '',
    host: address.hostname,
    port: Number(address.port),
    credentials: { username: username ?? '', password: password ?? '' },
    ca: ca ?? '',
    thumbprint: thumbprint ?? '',
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

const flags: Readonly<Record<keyof VcsimOptions, string>> = {
  vms: 'vms',
  clusters: 'clusters',
  hosts: 'hosts',
  esx: 'esx',
  apiVersion: 'api-version',
  sessionTimeout: 'session-timeout',
  tls: 'tls',
  autostart: 'autostart',
};

const flagsOf = (options: VcsimOptions): string[] =>
  Object.entries(options).map(([key, value]) => `-${flags[key as keyof VcsimOptions]}=${value}`);

async function firstLine(child: ChildProcess, path: string): Promise<string> {
  if (!child.stdout) throw new Error('vcsim has no stdout');
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    lines.once('line', resolve);
    child.once('error', (error) => reject(new Error(`${path} did not start: ${error.message}`)));
    child.once('exit', (code) =>
      reject(new Error(`${path} ended with ${code} before it was ready`)),
    );
  });
}
