import type { User as KubeUser } from '../kube/accounts.js';
import type { Serve } from '../kube/kinds.js';
import type { KubeRequest } from '../kube/kube-face.js';
import { openSupervisorApi, type SupervisorApi } from '../kube/supervisor-api.js';
import { type FaultRule, Faults } from '../server/faults.js';
import { kubeUserOf } from './accounts.js';
import { loginAt } from './login-at-vcenter.js';
import { openSite, type Site, type SiteOptions } from './open-site.js';
import { plantClusters } from './seed/plant-clusters.js';

export interface SimulateVksOptions extends Omit<SiteOptions, 'login'> {
  /** How long a cluster takes to be made, in milliseconds of the clock; a minute when absent. */
  readonly provisionMilliseconds?: number;
  /** How long a token is good, in milliseconds of the clock; ten hours when absent. */
  readonly tokenMilliseconds?: number;
  /** API versions that Supervisors serve by group, newest first. */
  readonly serve?: Serve;
  /** False: the login service answers at the vCenter only. */
  readonly loginOnSupervisor?: boolean;
  /** False: the login service knows no clusters on Supervisors. */
  readonly guestLogin?: boolean;
  /** What goes wrong at Supervisors and clusters, beside `faults` at the vCenter. */
  readonly kubeFaults?: readonly FaultRule[];
}

/** Where a client is pointed at. */
type Address = 'url' | 'host' | 'port' | 'ca' | 'thumbprint' | 'credentials';

/** A simulated vCenter with Supervisors and what runs on them, on loopback until it is disposed of. */
export interface VksSimulation extends Site, Pick<Site['vcenter'], Address> {
  /** One for each Supervisor that has an address, in their order. */
  readonly supervisors: readonly SupervisorApi[];
  readonly kubeFaults: Faults;
  /** Every request at Supervisors and clusters, oldest first. */
  readonly kubeRequests: readonly KubeRequest[];
  /** Log-ins to Supervisors and clusters that succeeded. */
  logins(): number;
  /** Does what is due everywhere: call it once the clock was moved. */
  settle(): Promise<void>;
}

/** Starts a vCenter and its Supervisors. Throws when the port is taken. */
export async function simulateVks(options: SimulateVksOptions = {}): Promise<VksSimulation> {
  const supervisors = new Map<string, SupervisorApi>();
  const site = await openSite({
    ...options,
    login: (...asked) => loginAt(site.world, supervisors, ...asked),
  });
  const kubeRequests: KubeRequest[] = [];
  const kubeFaults = options.loginOnSupervisor === false ? new WithoutLogin() : new Faults();
  kubeFaults.add(...(options.kubeFaults ?? []));
  const { world, vcenter } = site;
  const users = site.users.map((user): KubeUser => kubeUserOf(user, world));
  const close = async () => {
    for (const supervisor of supervisors.values()) await supervisor[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  };
  try {
    for (const supervisor of world.supervisors.values()) {
      if (supervisor.configStatus === 'CONFIGURING') continue;
      supervisors.set(
        supervisor.id,
        await openSupervisorApi({
          supervisor,
          site: world,
          users,
          clock: vcenter.clock,
          faults: kubeFaults,
          requests: kubeRequests,
          certificate: vcenter.certificate,
          ...(options.serve && { serve: options.serve }),
          ...(options.provisionMilliseconds !== undefined && {
            provisionMilliseconds: options.provisionMilliseconds,
          }),
          ...(options.tokenMilliseconds !== undefined && {
            tokenMilliseconds: options.tokenMilliseconds,
          }),
          ...(options.guestLogin !== undefined && { guestLogin: options.guestLogin }),
        }),
      );
    }
    await plantClusters(options.seed ?? 'lab', world, supervisors);
  } catch (error) {
    await close();
    throw error;
  }
  const { url, host, port, ca, thumbprint, credentials } = vcenter;
  return {
    ...site,
    ...{ url, host, port, ca, thumbprint, credentials },
    supervisors: [...supervisors.values()],
    kubeFaults,
    kubeRequests,
    logins: () => [...supervisors.values()].reduce((sum, { logins }) => sum + logins.total, 0),
    async settle() {
      world.settle();
      for (const supervisor of supervisors.values()) await supervisor.settle();
    },
    [Symbol.asyncDispose]: close,
  };
}

/** Supervisors without a login service: nothing is at its path. */
class WithoutLogin extends Faults {
  override take(method: string, on: string): FaultRule | undefined {
    return on.startsWith('/wcp/') ? { then: { status: 404 } } : super.take(method, on);
  }
}
