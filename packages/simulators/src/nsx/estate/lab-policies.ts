import type { World } from '../world.js';
import { plantService } from './default-services.js';
import { group } from './lab-groups.js';
import { putPolicy, type RuleFields } from './put.js';

const service = (id: string): string => `/infra/services/${id}`;

/** A rule in the order it is read: who, to whom, with what. ANY where nothing is named. */
function rule(
  id: string,
  source: string | undefined,
  destination: string | undefined,
  services: readonly string[],
  rest: Omit<RuleFields, 'id'> = {},
): RuleFields {
  const side = (name: string | undefined) =>
    name === undefined ? ['ANY'] : [/^\d/.test(name) ? name : group(name)];
  return {
    id,
    action: 'ALLOW',
    source_groups: side(source),
    destination_groups: side(destination),
    services: services.length === 0 ? ['ANY'] : services.map(service),
    ...rest,
  };
}

interface Written {
  readonly id: string;
  readonly category: string;
  readonly sequence: number;
  readonly rules: readonly RuleFields[];
  readonly rest?: Readonly<Record<string, unknown>>;
}

const policies: readonly Written[] = [
  {
    id: 'quarantine',
    category: 'Emergency',
    sequence: 10,
    rules: [
      rule('quarantine-out', 'quarantine', undefined, [], { action: 'DROP', logged: true }),
      rule('quarantine-in', undefined, 'quarantine', [], { action: 'DROP', logged: true }),
    ],
  },
  {
    id: 'shared-services',
    category: 'Infrastructure',
    sequence: 10,
    rules: [
      rule('allow-dns', undefined, 'dns-servers', ['DNS', 'DNS-UDP']),
      rule('allow-ntp', undefined, 'corporate', ['NTP']),
      rule('updates', 'app-servers', 'corporate', ['HTTPS'], {
        profiles: ['/infra/context-profiles/SSL'],
      }),
    ],
  },
  {
    id: 'isolate-test',
    category: 'Environment',
    sequence: 10,
    rules: [
      rule('admin-jump', 'jump-hosts', undefined, ['SSH'], { action: 'JUMP_TO_APPLICATION' }),
      rule('test-to-shop', 'test-machines', 'shop', [], { action: 'REJECT', logged: true }),
    ],
  },
  {
    id: 'pci-locked',
    category: 'Application',
    sequence: 5,
    rest: { locked: true, lock_modified_by: 'admin2', comments: 'Audit until further notice' },
    rules: [rule('pci-jump-ssh', 'jump-hosts', 'db-servers', ['SSH'], { logged: true })],
  },
  {
    id: 'shop',
    category: 'Application',
    sequence: 10,
    rules: [
      rule('web-in', undefined, 'web-servers', ['HTTPS'], { scope: [group('web-servers')] }),
      rule('web-to-app', 'web-servers', 'app-servers', ['shop-app']),
      rule('app-to-db', 'app-servers', 'db-servers', ['MySQL']),
      rule('web-in-again', 'corporate', 'web-servers', ['HTTPS'], {
        scope: [group('web-servers')],
      }),
      rule('old-ftp', 'corporate', 'web-servers', ['FTP'], { disabled: true }),
      rule('never', '10.10.9.0/24', 'web-servers', ['SSH'], { ip_protocol: 'IPV6' }),
    ],
  },
  {
    id: 'shop-deny',
    category: 'Application',
    sequence: 20,
    rules: [rule('deny-shop', undefined, 'shop', [], { action: 'DROP' })],
  },
];

/** Where a policy stands among all: its category, then its own number. */
const categoryBase: Readonly<Record<string, number>> = {
  Emergency: 10_000_000,
  Infrastructure: 11_000_000,
  Environment: 12_000_000,
  Application: 13_000_000,
};

/** The firewall of the lab: distributed, gateway, intrusion detection and redirection. */
export function plantPolicies(world: World): void {
  plantService(world, service('shop-app'), ['TCP 8443']);
  plantService(world, service('name-and-time'), [
    `SERVICE ${service('DNS')}`,
    `SERVICE ${service('DNS-UDP')}`,
    `SERVICE ${service('NTP')}`,
  ]);
  const domain = '/infra/domains/default';
  for (const { id, category, sequence, rules, rest } of policies)
    putPolicy(
      world,
      'SecurityPolicy',
      `${domain}/security-policies/${id}`,
      {
        category,
        sequence_number: sequence,
        internal_sequence_number: (categoryBase[category] ?? 0) + sequence,
        ...rest,
      },
      rules,
    );
  putPolicy(
    world,
    'GatewayPolicy',
    `${domain}/gateway-policies/gw-local`,
    { category: 'LocalGatewayRules', sequence_number: 10 },
    [rule('jump-out', 'jump-hosts', 'corporate', ['SSH'], { scope: ['/infra/tier-1s/t1-lab'] })],
  );
  putPolicy(
    world,
    'IdsSecurityPolicy',
    `${domain}/intrusion-service-policies/ids-web`,
    { category: 'ThreatRules', sequence_number: 10 },
    [
      rule('inspect-web', undefined, 'web-servers', [], {
        action: 'DETECT',
        profiles: undefined, // an intrusion rule has ids_profiles in their place
        ids_profiles: [
          '/infra/settings/firewall/security/intrusion-services/profiles/web-critical',
        ],
      }),
    ],
  );
  putPolicy(
    world,
    'RedirectionPolicy',
    `${domain}/redirection-policies/partner`,
    { sequence_number: 10, north_south: true },
    [rule('inspect-corporate', 'corporate', undefined, ['HTTP'], { action: 'REDIRECT' })],
  );
}
