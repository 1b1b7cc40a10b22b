import { hostConfig } from '@vmware/policy/cli';
import { bin, environmentOf } from './stage.mjs';

const hosts = ['claude-code', 'cursor', 'vscode', 'goose'];

/** Prints what connects MCP hosts to the simulator, and stays up until it is stopped. */
export async function serve(vc, home) {
  const launch = {
    name: 'vmware-vsphere-demo',
    command: bin('vmware-vsphere-mcp'),
    args: [],
    env: { HOME: environmentOf(home.dir).HOME },
  };
  process.stdout.write(`${vc.name} answers at ${vc.url} as ${vc.credentials.username}\n`);
  process.stdout.write(`Try it here: HOME=${home.dir} ${bin('vmware-vsphere')} vm list\n`);
  for (const host of hosts) process.stdout.write(`\n--- ${host}\n${hostConfig(host, launch)}\n`);
  process.stdout.write('\nCtrl-C ends it.\n');
  await new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}
