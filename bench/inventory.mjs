// list_vms over 10,000 VMs on vcsim: the whole command against the same requests unread, and against govmomi.

import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vcsim } from '@vmware/simulators';
import { bin, homeAt, root } from './home.mjs';
import { interleaved, runProgram } from './measure.mjs';

const vms = 10_000;
const paths = [
  'name',
  'runtime.powerState',
  'summary.config.numCpu',
  'summary.config.memorySizeMB',
  'summary.config.guestFullName',
];

export async function bench() {
  const vcenter = await vcsim({ vms });
  if ('skipped' in vcenter) return [{ what: `skipped: ${vcenter.skipped}` }];
  const home = homeAt(vcenter);
  try {
    const { host, port, ca } = vcenter;
    const { username, password } = vcenter.credentials;
    const drain = join(home.home, 'drain.json');
    const caFile = join(home.home, 'ca.pem');
    const listvms = join(home.home, 'listvms');
    writeFileSync(drain, JSON.stringify({ host, port, ca, username, password, paths }));
    writeFileSync(caFile, ca);
    buildListvms(listvms);
    const address = new URL('/sdk', vcenter.url);
    Object.assign(address, { username, password });

    const into =
      (name, command, ...args) =>
      async () => {
        const file = join(home.home, name);
        const stdout = openSync(file, 'w');
        try {
          const { wall } = await runProgram(command, args, { env: home.env, stdout });
          const lines = readFileSync(file, 'utf8').split('\n').length - 2;
          if (name !== 'drain' && lines !== vms) throw new Error(`${name} listed ${lines} VMs`);
          return wall;
        } finally {
          closeSync(stdout);
        }
      };
    const wall = await interleaved(7, {
      ours: into('ours', process.execPath, bin('vmware-vsphere'), 'vm', 'list'),
      drain: into('drain', process.execPath, join(import.meta.dirname, 'drain.mjs'), drain),
      govmomi: into('govmomi', listvms, '-ca', caFile, address.href),
    });
    const detail = `vm list takes ${(wall.ours / 1000).toFixed(2)} s`;
    return [
      {
        what: `vm list, ${vms} VMs, in the same requests unread`,
        ratio: wall.ours / wall.drain,
        target: 1.5,
        detail,
      },
      {
        what: `vm list, ${vms} VMs, in a Go program on govmomi`,
        ratio: wall.ours / wall.govmomi,
        target: 1.0,
        detail,
      },
    ];
  } finally {
    home[Symbol.dispose]();
    await vcenter[Symbol.asyncDispose]();
  }
}

function buildListvms(path) {
  const cwd = join(root, 'packages', 'simulators', 'vcsim');
  const { status } = spawnSync('go', ['build', '-o', path, './cmd/listvms'], {
    cwd,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('go build ./cmd/listvms failed');
}
