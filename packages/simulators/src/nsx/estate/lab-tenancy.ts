import { plantInfra } from '../skeleton.js';
import type { World } from '../world.js';
import { plantService } from './default-services.js';
import { type Fields, put, putPolicy } from './put.js';
import { plantOverlay } from './segments.js';

const project = '/orgs/default/projects/shop-project';
const vpc = `${project}/vpcs/shop-vpc`;

/** A project with a segment of its own, and a VPC in it. Their groups see only what is connected to them. */
export function plantTenancy(world: World): void {
  put(world, 'Project', project, { short_id: 'shop' });
  plantInfra(world, `${project}/infra`);
  put(world, 'Tier1', `${project}/infra/tier-1s/t1-stage`);
  plantOverlay(
    world,
    `${project}/infra/segments/stage`,
    '10.30.1.1/24',
    `${project}/infra/tier-1s/t1-stage`,
  );
  const domain = `${project}/infra/domains/default`;
  plantService(world, `${project}/infra/services/stage-api`, ['TCP 9443']);
  put(world, 'Group', `${domain}/groups/stage`, { expression: [vmTag('env|stage')] });
  put(world, 'Group', `${domain}/groups/partners`, { expression: [addresses('203.0.113.0/24')] });
  putPolicy(
    world,
    'SecurityPolicy',
    `${domain}/security-policies/stage`,
    { category: 'Application', sequence_number: 10, internal_sequence_number: 13_000_010 },
    [
      {
        id: 'partners-in',
        action: 'ALLOW',
        source_groups: [`${domain}/groups/partners`],
        destination_groups: [`${domain}/groups/stage`],
        services: [`${project}/infra/services/stage-api`],
      },
      { id: 'deny-in', action: 'DROP', destination_groups: [`${domain}/groups/stage`] },
    ],
  );
  put(world, 'Vpc', vpc, { private_ips: ['10.40.0.0/16'] });
  put(world, 'Group', `${vpc}/groups/backends`, { expression: [addresses('10.40.1.0/24')] });
  putPolicy(
    world,
    'SecurityPolicy',
    `${vpc}/security-policies/backends`,
    { category: 'Application', sequence_number: 10, internal_sequence_number: 13_000_010 },
    [{ id: 'backends-out', action: 'ALLOW', source_groups: [`${vpc}/groups/backends`] }],
  );
}

const vmTag = (value: string): Fields => ({
  resource_type: 'Condition',
  member_type: 'VirtualMachine',
  key: 'Tag',
  operator: 'EQUALS',
  scope_operator: 'EQUALS',
  value,
});

const addresses = (...ip_addresses: string[]): Fields => ({
  resource_type: 'IPAddressExpression',
  ip_addresses,
});
