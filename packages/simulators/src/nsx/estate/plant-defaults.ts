import type { World } from '../world.js';
import { plantDefaultServices } from './default-services.js';
import { put, putPolicy } from './put.js';

const system = { _system_owned: true };
const last = 2_147_483_647;

/** Plants what a manager has on its first day: default policies, services, profiles and settings. */
export function plantDefaults(world: World): void {
  const base = world.settings.globalManager ? '/global-infra' : '/infra';
  plantDefaultServices(world, base);
  plantContextProfiles(world, base);
  plantDefaultPolicies(world, base);
  put(world, 'DfwFirewallConfiguration', `${base}/settings/firewall/security`, {
    ...system,
    enable_firewall: true,
    disable_auto_drafts: false,
    idfw_enabled: false,
    global_addrset_mode_enabled: true,
  });
  put(world, 'PolicyExcludeList', `${base}/settings/firewall/security/exclude-list`, {
    ...system,
    members: [],
  });
}

/** The rules every manager ends with. Their numbers are below those of rules that people make. */
function plantDefaultPolicies(world: World, base: string): void {
  const policies = `${base}/domains/default/security-policies`;
  const first = world.settings.globalManager ? 1_999_990 : 0;
  const whole = { is_default: true, sequence_number: last, internal_sequence_number: last };
  putPolicy(
    world,
    'SecurityPolicy',
    `${policies}/default-layer2-section`,
    {
      ...whole,
      display_name: 'Default Layer2 Section',
      category: 'Ethernet',
      stateful: false,
      default_rule_id: first + 1,
    },
    [
      {
        id: 'default-layer2-rule',
        display_name: 'Default Layer2 Rule',
        action: 'ALLOW',
        is_default: true,
        sequence_number: last,
        rule_id: first + 1,
        ip_protocol: undefined,
      },
    ],
  );
  const rule = { action: 'ALLOW', is_default: true };
  putPolicy(
    world,
    'SecurityPolicy',
    `${policies}/default-layer3-section`,
    {
      ...whole,
      display_name: 'Default Layer3 Section',
      category: 'Application',
      default_rule_id: first + 2,
    },
    [
      {
        ...rule,
        id: 'default-rule-ndp',
        display_name: 'Default Rule NDP',
        services: [
          `${base}/services/IPv6-ICMP_Neighbor_Solicitation`,
          `${base}/services/IPv6-ICMP_Neighbor_Advertisement`,
        ],
        sequence_number: last - 2,
        rule_id: first + 3,
      },
      {
        ...rule,
        id: 'default-rule-dhcp',
        display_name: 'Default Rule DHCP',
        services: [`${base}/services/DHCP-Server`, `${base}/services/DHCP-Client`],
        sequence_number: last - 1,
        rule_id: first + 4,
      },
      {
        ...rule,
        id: 'default-layer3-rule',
        display_name: 'Default Layer3 Rule',
        sequence_number: last,
        rule_id: first + 2,
      },
    ],
  );
}

/** Context profiles of the system, one for each application. */
function plantContextProfiles(world: World, base: string): void {
  for (const application of ['DNS', 'HTTP', 'SSL'])
    put(world, 'PolicyContextProfile', `${base}/context-profiles/${application}`, {
      ...system,
      attributes: [
        {
          key: 'APP_ID',
          value: [application],
          datatype: 'STRING',
          attribute_source: 'SYSTEM',
          isALGType: false,
        },
      ],
    });
}
