import { invalidArgument, notAllowed, unsupported } from './refusals.js';
import type { Cidr, Namespace, NetworkProvider, Supervisor, Vpc } from './world.js';

/** What a specification that creates a namespace says of its network. */
export interface NetworkSpec {
  readonly networks?: readonly string[];
  readonly namespace_network?: { readonly network_provider: NetworkProvider };
  readonly network_spec?: {
    readonly network_provider: NetworkProvider;
    readonly vpc_network?: {
      readonly vpc?: string;
      readonly vpc_config?: { readonly private_cidrs?: readonly Cidr[] };
      readonly default_subnet_size?: number;
    };
    readonly vsphere_network?: { readonly default_workload_network?: string };
  };
}

/** What an update or a replacement of a namespace says of its network. */
export interface NetworkChange {
  readonly network_provider: NetworkProvider;
  readonly vpc_config?: {
    readonly default_subnet_size?: number;
    readonly private_cidrs?: readonly Cidr[];
  };
  readonly vsphere_network_config?: {
    readonly networks?: readonly string[];
    readonly networks_to_add?: readonly string[];
    readonly networks_to_remove?: readonly string[];
  };
}

/** The network of a new namespace. Throws what does not fit the network provider of its Supervisor. */
export function newNetwork(
  supervisor: Supervisor,
  name: string,
  { networks, namespace_network: nsx, network_spec: spec }: NetworkSpec,
): Pick<Namespace, 'networks' | 'vpc'> {
  const { networkProvider } = supervisor;
  for (const each of [nsx, spec]) if (each) checkProvider(supervisor, each.network_provider);
  if (networkProvider !== 'VSPHERE_NETWORK') {
    if (networks)
      throw unsupported(
        `networks cannot be given: the provider is ${networkProvider}.`,
        'networks',
      );
    return {
      networks: [],
      vpc: networkProvider === 'NSX_VPC' ? newVpc(name, spec?.vpc_network) : undefined,
    };
  }
  const primary = spec?.vsphere_network?.default_workload_network;
  const chosen = networks ?? [primary ?? supervisor.networks[0] ?? ''];
  for (const network of chosen) checkNetwork(supervisor, network);
  return { networks: chosen, vpc: undefined };
}

/** The network of a namespace after a change. */
export function changedNetwork(
  supervisor: Supervisor,
  { networks, vpc }: Namespace,
  change: NetworkChange,
): Pick<Namespace, 'networks' | 'vpc'> {
  checkProvider(supervisor, change.network_provider);
  const {
    networks: all,
    networks_to_add: add = [],
    networks_to_remove: remove = [],
  } = change.vsphere_network_config ?? {};
  for (const network of [...(all ?? []), ...add, ...remove]) checkNetwork(supervisor, network);
  const kept = (all ?? networks).filter((each) => !remove.includes(each));
  if (supervisor.networkProvider === 'VSPHERE_NETWORK' && kept.length + add.length === 0)
    throw notAllowed('A namespace needs a network.', 'network_spec');
  const { default_subnet_size: subnetSize, private_cidrs: cidrs } = change.vpc_config ?? {};
  return {
    networks: [...new Set([...kept, ...add])],
    vpc: vpc && {
      ...vpc,
      privateCidrs: cidrs ?? vpc.privateCidrs,
      subnetSize: subnetSize ?? vpc.subnetSize,
    },
  };
}

function newVpc(
  name: string,
  spec: NonNullable<NetworkSpec['network_spec']>['vpc_network'] = {},
): Vpc {
  const { vpc, vpc_config: config, default_subnet_size: subnetSize = 32 } = spec;
  return {
    path: vpc ?? `/orgs/default/projects/default/vpcs/${name}`,
    autoCreated: vpc === undefined,
    privateCidrs: config?.private_cidrs ?? [{ address: '172.26.0.0', prefix: 16 }],
    subnetSize,
  };
}

function checkProvider({ networkProvider }: Supervisor, given: NetworkProvider): void {
  if (given !== networkProvider)
    throw invalidArgument(
      `network_provider is ${given}, but that of the Supervisor is ${networkProvider}.`,
      'network_provider',
    );
}

function checkNetwork({ networks }: Supervisor, network: string): void {
  if (!networks.includes(network))
    throw invalidArgument(`The Supervisor has no network '${network}'.`, network);
}
