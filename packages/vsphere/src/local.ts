import { localOf } from '@vmware/clients/setup';
import { credentialsOf } from '@vmware/clients/targets';
import { Vim } from '@vmware/clients/vim';
import type { Local } from '@vmware/policy/cli';

/** What vmware-vsphere can do on this machine: doctor's checks, contexts, init. */
export const local: Local = localOf({
  product: 'vsphere',
  machine: 'vCenter Server or ESXi host',
  targetName: 'default',
  username: 'administrator@vsphere.local',
  instead: 'set VCENTER_HOST, VCENTER_USER and VCENTER_PASSWORD',
  next: 'vm list',
  async login(target) {
    await using vim = Vim.open(target, { credentials: () => credentialsOf(target) });
    const signal = AbortSignal.timeout(20_000);
    const { about } = await vim.content({ signal });
    const { userName } = await vim.identity({ signal });
    return { state: 'ok', detail: `${userName} on ${about.fullName}` };
  },
});
