import { hostConfig } from '@vmware/policy/cli';
import { bin, environmentOf } from './stage.mjs';

const hosts = ['claude-code', 'cursor', 'vscode', 'goose'];

/** Prints what connects MCP hosts to the simulator, and stays up until it is stopped. */
export async function serve(server, home, product) {
  const launch = {
    name: `vmware-${product}-demo`,
    command: bin(`vmware-${product}-mcp`),
    args: [],
    env: { HOME: environmentOf(home.dir).HOME },
  };
  process.stdout.write(
    `${server.name} answers at ${server.url} as ${server.credentials.username}\n`,
  );
  process.stdout.write(
    `Try it here: HOME=${home.dir} ${bin(`vmware-${product}`)} ${product === 'vsphere' ? 'vm' : 'policy'} list\n`,
  );
  for (const host of hosts) process.stdout.write(`\n--- ${host}\n${hostConfig(host, launch)}\n`);
  process.stdout.write('\nCtrl-C ends it.\n');
  await new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}
