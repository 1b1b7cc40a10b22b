import { first, type Handlers } from '../call.js';
import { supervisorOfCluster } from '../change-namespace.js';
import type { Supervisor } from '../world.js';
import { enabledClusters } from './clusters.js';

const root = '/api/vcenter/namespace-management';

/** Nothing newer is at hand, so there is nothing to upgrade to. */
const software = ({ version, configStatus }: Supervisor) => ({
  current_version: version,
  available_versions: [],
  state: configStatus === 'RUNNING' ? 'READY' : configStatus === 'ERROR' ? 'ERROR' : 'PENDING',
});

/** Kubernetes versions of Supervisors, and whether this vCenter can have any. */
export const softwareHandlers: Handlers = {
  [`GET ${root}/software/clusters`]: ({ world }) =>
    enabledClusters(world).map(({ cluster, name, supervisor }) => ({
      cluster,
      cluster_name: name,
      ...software(supervisor),
    })),
  [`GET ${root}/software/clusters/{}`]: (call) => ({
    ...software(supervisorOfCluster(call.world, first(call))),
    messages: [],
  }),
  [`GET ${root}/capability`]: () => ({ namespaces_supported: true, namespaces_licensed: true }),
};
