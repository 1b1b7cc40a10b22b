import { type Call, first, type Handlers } from '../call.js';
import { supervisorOf, supervisorOfCluster } from '../change-namespace.js';
import { notFound } from '../refusals.js';
import type { InstalledService, SupervisorService } from '../world.js';

const root = '/api/vcenter/namespace-management';

function serviceOf({ world, ids: [id = ''] }: Call): SupervisorService {
  const service = world.services.get(id);
  if (!service) throw notFound(`Supervisor Service '${id}' was not found.`, id);
  return service;
}

const installed = ({ service, version, configStatus }: InstalledService) => ({
  supervisor_service: service,
  desired_version: version,
  config_status: configStatus,
  ...(configStatus === 'CONFIGURED' && { current_version: version }),
});

/** Supervisor Services: what is registered at the vCenter, and what a Supervisor has installed of it. */
export const serviceHandlers: Handlers = {
  [`GET ${root}/supervisor-services`]: ({ world }) =>
    [...world.services.values()].map(({ id, name, state }) => ({
      supervisor_service: id,
      display_name: name,
      state,
    })),
  [`GET ${root}/supervisor-services/{}`]: (call) => {
    const { name, state, description } = serviceOf(call);
    return { display_name: name, state, description, must_be_installed: false };
  },
  [`GET ${root}/supervisor-services/{}/versions`]: (call) => {
    const { name, description, versions } = serviceOf(call);
    return versions.map((version) => ({
      version,
      display_name: name,
      state: 'ACTIVATED',
      description,
    }));
  },
  [`GET ${root}/clusters/{}/supervisor-services`]: (call) =>
    supervisorOfCluster(call.world, first(call)).services.map(installed),
  [`GET ${root}/supervisors/{}/supervisor-services`]: (call) => ({
    supervisor_services: supervisorOf(call.world, first(call)).services.map(installed),
  }),
  [`GET ${root}/supervisors/{}/supervisor-services/{}`]: ({ world, ids: [id = '', name = ''] }) => {
    const found = supervisorOf(world, id).services.find(({ service }) => service === name);
    if (!found) throw notFound(`Supervisor Service '${name}' is not installed.`, name);
    const { supervisor_service: _, ...rest } = installed(found);
    return {
      ...rest,
      service_namespace: found.namespace,
      messages: [],
      display_name: world.services.get(name)?.name ?? name,
    };
  },
};
