import type { Call, Handlers } from '../call.js';
import {
  groupsOfIp,
  groupsOfVif,
  groupsOfVm,
  parentGroups,
  serviceReferencesTo,
} from '../compute/associations.js';
import { membersOf } from '../compute/members.js';
import type { Reference } from '../compute/references.js';
import { badRequest, noSuchObject } from '../nsx-error.js';
import { page } from '../paging.js';
import { found } from './objects.js';

/** Members of groups, and who has what in it: groups of a machine, an interface, an address, users of a group. */
export const groupHandlers: Handlers = {
  'GET /groups/{}/members/virtual-machines': (call) => {
    const { vms } = membersOf(call.world, groupOf(call));
    const machines = vms.flatMap((id) => {
      const vm = call.world.fabric.vm(id);
      return vm
        ? [
            {
              id,
              display_name: vm.display_name,
              resource_type: 'RealizedVirtualMachine',
              path: `/infra/realized-state/enforcement-points/default/virtual-machines/${id}`,
              state: 'REALIZED',
              power_state: vm.power_state,
              host_id: vm.host_id,
              local_id_on_host: vm.local_id_on_host,
              compute_ids: vm.compute_ids,
            },
          ]
        : [];
    });
    return page(machines, call.query, call.pageCap, ({ id }) => id);
  },
  'GET /groups/{}/members/ip-addresses': (call) =>
    page(membersOf(call.world, groupOf(call)).ips, call.query, call.pageCap, (address) => address),
  'GET /group-associations': (call) =>
    references(call, parentGroups(call.world, intentOf(call, 'Group'))),
  'GET /group-service-associations': (call) => {
    const service = call.query['service_type'] ?? 'firewall';
    if (service !== 'firewall' && service !== 'ipfix')
      throw badRequest(`The parameter service_type is firewall or ipfix, not '${service}'.`);
    const users = serviceReferencesTo(call.world, intentOf(call, 'Group'));
    return references(call, service === 'ipfix' ? [] : users);
  },
  'GET /virtual-machine-group-associations': (call) => {
    const id = call.query['vm_external_id'] ?? '';
    if (!call.world.fabric.vm(id)) throw noSuchObject(id);
    return references(call, groupsOfVm(call.world, id, call.tree));
  },
  'GET /virtual-network-interface-group-associations': (call) => {
    const id = call.query['vif_external_id'] ?? '';
    if (!call.world.fabric.vif(id)) throw noSuchObject(id);
    return references(call, groupsOfVif(call.world, id, call.tree));
  },
  'GET /ip-address-group-associations': (call) =>
    references(call, groupsOfIp(call.world, call.query['ip_address'] ?? '', call.tree)),
};

/** The group whose members are asked for. */
function groupOf(call: Call): string {
  const path = call.path.replace(/\/members\/[^/]+$/, '');
  return found(call, path, 'Group').path;
}

const intentOf = (call: Call, type: string): string =>
  found(call, call.query['intent_path'] ?? '', type).path;

export const references = (call: Call, all: readonly Reference[]) =>
  page(all, call.query, call.pageCap, ({ path }) => path);
