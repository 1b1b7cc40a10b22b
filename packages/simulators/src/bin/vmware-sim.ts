import { parseArgs } from 'node:util';
import { type SeedChoice, type Simulation, simulate } from '../index.js';

const usage = `Usage: vmware-sim [--seed small|lab] [--vms N] [--port P] [--no-tls]

Serves a simulated vCenter on 127.0.0.1 until interrupted, and prints how to reach it.

  --seed NAME  what it starts with: small (6 machines) or lab (about 24); lab when absent
  --vms N      N machines instead of a seed
  --port P     listen on this port; a free one when absent
  --no-tls     plain HTTP
  --help       this text
`;

/** What was wrong with the command line, and what to type instead. */
class Misused extends Error {}

interface Choice {
  readonly seed: SeedChoice;
  readonly port: number;
  readonly tls: boolean;
}

function read(args: string[]): Choice | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  const { seed = 'lab', vms } = values;
  if (seed !== 'small' && seed !== 'lab')
    throw new Misused(`There is no seed '${seed}'. Use --seed small or --seed lab.`);
  if (vms !== undefined && values.seed !== undefined)
    throw new Misused('--seed and --vms exclude each other. Leave one out.');
  const count = vms === undefined ? undefined : whole('--vms', vms, 1, 100_000);
  return {
    seed: count === undefined ? seed : { vms: count },
    port: values.port === undefined ? 0 : whole('--port', values.port, 0, 65_535),
    tls: !values['no-tls'],
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

async function main(): Promise<void> {
  const choice = read(process.argv.slice(2));
  if (choice === 'help') {
    process.stdout.write(usage);
    return;
  }
  const simulation = await simulate(choice).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    throw new Misused(`Port ${choice.port} cannot be used (${error.code}). Choose another --port.`);
  });
  process.stdout.write(welcome(simulation));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void simulation[Symbol.asyncDispose]());
}

main().catch((error: unknown) => {
  const misused = error instanceof Misused;
  process.stderr.write(`vmware-sim: ${misused ? error.message : error}\n`);
  process.exitCode = misused ? 2 : 1;
});
