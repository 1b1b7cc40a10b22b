import { holds } from '../../vcenter/privileges.js';
import { first, type Handlers, message } from '../call.js';
import { supervisorOf } from '../change-namespace.js';
import { notFound } from '../refusals.js';
import { statsOf } from '../stats.js';
import type { Supervisor, WcpWorld } from '../world.js';

const root = '/api/vcenter/namespace-management/supervisors';

const info = (world: WcpWorld, supervisor: Supervisor) => ({
  name: supervisor.name,
  ...(supervisor.endpoint !== '' && { APIEndpoint: supervisor.endpoint }),
  stats: statsOf(world, supervisor),
  config_status: supervisor.configStatus,
  kubernetes_status: supervisor.kubernetesStatus,
  messages: supervisor.messages.map((text) => ({
    id: 'com.vmware.wcp.message',
    severity: severityOf(supervisor),
    details: message(text),
  })),
});

const severityOf = ({ configStatus }: Supervisor) =>
  configStatus === 'ERROR' ? 'ERROR' : 'WARNING';

/** What a Supervisor says of itself in conditions: all true once it runs. */
export function conditionsOf(supervisor: Supervisor) {
  const runs = supervisor.configStatus === 'RUNNING';
  const status = runs ? 'TRUE' : 'FALSE';
  const said = runs ? [] : supervisor.messages;
  return [
    ['ControlPlaneVMsReady', 'The control plane machines are configured.'],
    ['KubernetesAPIServerReady', 'The Kubernetes API answers at the cluster endpoint.'],
  ].map(([type = '', text = '']) => ({
    type,
    description: message(text),
    status,
    reason: runs ? 'ConditionMet' : 'ConditionNotMet',
    severity: runs ? 'INFO' : severityOf(supervisor),
    messages: said.map((each) => ({ severity: severityOf(supervisor), details: message(each) })),
  }));
}

/** Supervisors as vSphere 8 knows them: by an id of their own, on the clusters of one zone or of several. */
export const supervisorHandlers: Handlers = {
  [`GET ${root}/summaries`]: ({ world, query }) => ({
    items: [...world.supervisors.values()]
      .filter(
        ({ configStatus, kubernetesStatus }) =>
          configStatus === (query['config_status'] ?? configStatus) &&
          kubernetesStatus === (query['kubernetes_status'] ?? kubernetesStatus),
      )
      .map((each) => ({ supervisor: each.id, info: info(world, each) })),
  }),
  [`GET ${root}/{}/summary`]: (call) => info(call.world, supervisorOf(call.world, first(call))),
  [`GET ${root}/{}/topology`]: (call) => supervisorOf(call.world, first(call)).zones,
  [`GET ${root}/{}/conditions`]: (call) => {
    const supervisor = supervisorOf(call.world, first(call));
    if (holds(call.session.user, 'System.Read')) return conditionsOf(supervisor);
    throw notFound(`Supervisor '${supervisor.id}' was not found.`, supervisor.id);
  },
};
