// What a command line costs, in CPU of `node -e 0`.
import { simulate } from '@vmware/simulators';
import { bin, homeAt, rulesOf } from './home.mjs';
import { interleaved, runProgram } from './measure.mjs';

export async function bench() {
  const simulation = await simulate({ seed: { vms: 24 } });
  const home = homeAt(simulation, { rules: rulesOf(200) });
  try {
    const node =
      (...args) =>
      async () =>
        (await runProgram(process.execPath, args, home)).cpu;
    const cli = bin('vmware-vsphere');
    const cpu = await interleaved(15, {
      node: node('-e', '0'),
      help: node(cli, '--help'),
      list: node(cli, 'vm', 'list'),
    });
    const detail = `node -e 0 takes ${cpu.node.toFixed(0)} ms of CPU`;
    return [
      { what: 'vmware-vsphere --help', ratio: cpu.help / cpu.node, target: 2.2, detail },
      {
        what: 'governed vm list, 24 VMs, 200 rules',
        ratio: cpu.list / cpu.node,
        target: 7.5,
        detail,
      },
    ];
  } finally {
    home[Symbol.dispose]();
    await simulation[Symbol.asyncDispose]();
  }
}
