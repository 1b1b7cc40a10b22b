import { localOf } from '@vmware/clients/setup';
import type { Local } from '@vmware/policy/cli';
import { openNsx } from './connect.js';

interface NodeVersion {
  readonly product_version?: string;
  readonly node_version?: string;
}
interface UserInfo {
  readonly user_name?: string;
  readonly roles?: readonly { readonly role?: string }[];
}

/** What vmware-nsx-security can do on this machine: doctor's checks, contexts, init. */
export const local: Local = localOf({
  product: 'nsx-security',
  machine: 'NSX Manager',
  targetName: 'nsx-prod',
  username: 'admin',
  instead: 'write ~/.vmware-nsx-security/config.yaml',
  next: 'policy list',
  async login(target) {
    await using nsx = openNsx(target);
    const signal = AbortSignal.timeout(20_000);
    const version = await nsx.get<NodeVersion>('/api/v1/node/version', { signal });
    const who = await nsx
      .get<UserInfo>('/policy/api/v1/aaa/user-info', { signal })
      .catch((): UserInfo => ({}));
    const roles = (who.roles ?? []).flatMap(({ role }) => (role ? [role] : [])).join(', ');
    const as = `${who.user_name ?? target.username}${roles && ` (${roles})`}`;
    return {
      state: 'ok',
      detail: `${as} on NSX ${version.product_version ?? 'of unknown version'}`,
    };
  },
});
