import { parseArgs } from 'node:util';
import {
  type NsxSimulation,
  type SeedChoice,
  type Simulation,
  simulate,
  simulateNsx,
} from '../index.js';

const usage = `Usage: vmware-sim [--seed small|lab] [--vms N] [--port P] [--no-tls] [--nsx [--nsx-port P]]

Serves a simulated vCenter on 127.0.0.1 until interrupted, and prints how to reach it.

  --seed NAME  what it starts with: small (6 machines) or lab (about 24); lab when absent
  --vms N      N machines instead of a seed
  --port P     listen on this port; a free one when absent
  --no-tls     plain HTTP (the vCenter only)
  --nsx        an NSX Manager beside it, which sees the same machines
  --nsx-port P the NSX Manager listens on this port; a free one when absent
  --help       this text
`;

/** What was wrong with the command line, and what to type instead. */
class Misused extends Error {}

interface Choice {
  readonly seed: SeedChoice;
  readonly port: number;
  readonly tls: boolean;
  /** Port of the NSX Manager; absent when there is none. */
  readonly nsxPort: number | undefined;
}

function read(args: string[]): Choice | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  const { seed = 'lab', vms } = values;
  if (seed !== 'small' && seed !== 'lab')
    throw new Misused(`There is no seed '${seed}'. Use --seed small or --seed lab.`);
  if (vms !== undefined && values.seed !== undefined)
    throw new Misused('--seed and --vms exclude each other. Leave one out.');
  if (values['nsx-port'] !== undefined && !values.nsx)
    throw new Misused('--nsx-port is for the NSX Manager. Add --nsx.');
  const count = vms === undefined ? undefined : whole('--vms', vms, 1, 100_000);
  return {
    seed: count === undefined ? seed : { vms: count },
    port: values.port === undefined ? 0 : whole('--port', values.port, 0, 65_535),
    tls: !values['no-tls'],
    nsxPort: values.nsx ? whole('--nsx-port', values['nsx-port'] ?? '0', 0, 65_535) : undefined,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        seed: { type: 'string' },
        vms: { type: 'string' },
        port: { type: 'string' },
        'no-tls': { type: 'boolean' },
        nsx: { type: 'boolean' },
        'nsx-port': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new Misused(`${(error as Error).message.split('. ')[0]}. Run vmware-sim --help.`);
  }
}

function whole(flag: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw new Misused(`${flag} takes a whole number from ${least} to ${most}, not '${text}'.`);
  return number;
}

/** Lines to read, then lines to paste into a shell. */
function welcome({ url, host, port, thumbprint, credentials }: Simulation): string {
  const { username, password } = credentials;
  return `${[
    `url         ${url}`,
    `username    ${username}`,
    `password    ${password}`,
    ...(url.startsWith('https') ? [`thumbprint  ${thumbprint}`] : []),
    '',
    `export VCENTER_HOST='${host}:${port}'`,
    `export VCENTER_USER='${username}'`,
    `export VCENTER_PASSWORD='${password}'`,
    "export VCENTER_INSECURE='true'",
    `export GOVC_URL='${url}/sdk'`,
    `export GOVC_USERNAME='${username}'`,
    `export GOVC_PASSWORD='${password}'`,
    "export GOVC_INSECURE='true'",
  ].join('\n')}\n`;
}

function welcomeToNsx({ url, thumbprint, credentials }: NsxSimulation): string {
  const { username, password } = credentials;
  return `\n${[
    `nsx url         ${url}`,
    `nsx username    ${username}`,
    `nsx password    ${password}`,
    `nsx thumbprint  ${thumbprint}`,
  ].join('\n')}\n`;
}

async function main(): Promise<void> {
  const choice = read(process.argv.slice(2));
  if (choice === 'help') {
    process.stdout.write(usage);
    return;
  }
  const simulation = await listening(choice.port, '--port', simulate(choice));
  const nsx = await besides(simulation, choice.nsxPort).catch(async (error: unknown) => {
    await simulation[Symbol.asyncDispose]();
    throw error;
  });
  process.stdout.write(welcome(simulation) + (nsx ? welcomeToNsx(nsx) : ''));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void simulation[Symbol.asyncDispose]();
      void nsx?.[Symbol.asyncDispose]();
    });
}

const besides = async (
  { inventory, clock }: Simulation,
  port: number | undefined,
): Promise<NsxSimulation | undefined> =>
  port === undefined
    ? undefined
    : listening(port, '--nsx-port', simulateNsx({ inventory, clock, port }));

/** Says which flag to change when a port is not to be had. */
const listening = <T>(port: number, flag: string, started: Promise<T>): Promise<T> =>
  started.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    throw new Misused(`Port ${port} cannot be used (${error.code}). Choose another ${flag}.`);
  });

main().catch((error: unknown) => {
  const misused = error instanceof Misused;
  process.stderr.write(`vmware-sim: ${misused ? error.message : error}\n`);
  process.exitCode = misused ? 2 : 1;
});
