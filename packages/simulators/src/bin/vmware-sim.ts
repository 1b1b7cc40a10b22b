import { parseArgs } from 'node:util';
import {
  type NsxSimulation,
  type SeedChoice,
  type Simulation,
  simulate,
  simulateNsx,
  simulateVks,
} from '../index.js';
import { welcome, welcomeToNsx, welcomeToVks } from './welcome.js';

const usage = `Usage: vmware-sim [--seed small|lab] [--vms N] [--port P] [--no-tls] [--nsx [--nsx-port P]]
       vmware-sim --product vks [--seed empty|lab|large] [--port P]

Serves a simulated vCenter on 127.0.0.1 until interrupted, and prints how to reach it.

  --product P  vsphere, or vks: a vCenter with Supervisors and their clusters; vsphere when absent
  --seed NAME  what it starts with: small (6 machines) or lab (about 24); lab when absent. With --product vks:
               empty (one Supervisor), lab (two, with clusters) or large (five, with 500 clusters)
  --vms N      N machines instead of a seed
  --port P     listen on this port; a free one when absent
  --no-tls     plain HTTP (the vCenter only)
  --nsx        an NSX Manager beside it, which sees the same machines
  --nsx-port P the NSX Manager listens on this port; a free one when absent
  --help       this text
`;

/** What was wrong with the command line, and what to type instead. */
class Misused extends Error {}

interface VsphereChoice {
  readonly product: 'vsphere';
  readonly seed: SeedChoice;
  readonly port: number;
  readonly tls: boolean;
  /** Port of the NSX Manager; absent when there is none. */
  readonly nsxPort: number | undefined;
}

interface VksChoice {
  readonly product: 'vks';
  readonly seed: 'empty' | 'lab' | 'large';
  readonly port: number;
}

type Flags = ReturnType<typeof parse>['values'];

function read(args: string[]): VsphereChoice | VksChoice | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  const { product = 'vsphere' } = values;
  if (product === 'vks') return readVks(values);
  if (product === 'vsphere') return readVsphere(values);
  throw new Misused(`There is no product '${product}'. Use --product vsphere or --product vks.`);
}

const portOf = (port: string | undefined): number =>
  port === undefined ? 0 : whole('--port', port, 0, 65_535);

function readVks({ seed = 'lab', port, ...others }: Flags): VksChoice {
  if (seed !== 'empty' && seed !== 'lab' && seed !== 'large')
    throw new Misused(`There is no seed '${seed}'. Use --seed empty, lab or large.`);
  for (const flag of ['vms', 'no-tls', 'nsx', 'nsx-port'] as const)
    if (others[flag] !== undefined)
      throw new Misused(`--${flag} is not for --product vks. Leave it out.`);
  return { product: 'vks', seed, port: portOf(port) };
}

function readVsphere(values: Flags): VsphereChoice {
  const { seed = 'lab', vms } = values;
  if (seed !== 'small' && seed !== 'lab')
    throw new Misused(`There is no seed '${seed}'. Use --seed small or --seed lab.`);
  if (vms !== undefined && values.seed !== undefined)
    throw new Misused('--seed and --vms exclude each other. Leave one out.');
  if (values['nsx-port'] !== undefined && !values.nsx)
    throw new Misused('--nsx-port is for the NSX Manager. Add --nsx.');
  const count = vms === undefined ? undefined : whole('--vms', vms, 1, 100_000);
  return {
    product: 'vsphere',
    seed: count === undefined ? seed : { vms: count },
    port: portOf(values.port),
    tls: !values['no-tls'],
    nsxPort: values.nsx ? whole('--nsx-port', values['nsx-port'] ?? '0', 0, 65_535) : undefined,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        product: { type: 'string' },
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

async function main(): Promise<void> {
  const choice = read(process.argv.slice(2));
  if (choice === 'help') {
    process.stdout.write(usage);
    return;
  }
  const { text, parts } = await (choice.product === 'vks' ? openVks(choice) : openVsphere(choice));
  process.stdout.write(text);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      for (const part of parts) void part[Symbol.asyncDispose]();
    });
}

/** What is said of what was started, and what there is to end. */
interface Opened {
  readonly text: string;
  readonly parts: readonly AsyncDisposable[];
}

async function openVks(choice: VksChoice): Promise<Opened> {
  const simulation = await listening(choice.port, '--port', simulateVks(choice));
  return { text: welcomeToVks(simulation), parts: [simulation] };
}

async function openVsphere(choice: VsphereChoice): Promise<Opened> {
  const simulation = await listening(choice.port, '--port', simulate(choice));
  const nsx = await besides(simulation, choice.nsxPort).catch(async (error: unknown) => {
    await simulation[Symbol.asyncDispose]();
    throw error;
  });
  const text = welcome(simulation);
  return nsx
    ? { text: text + welcomeToNsx(nsx), parts: [simulation, nsx] }
    : { text, parts: [simulation] };
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
