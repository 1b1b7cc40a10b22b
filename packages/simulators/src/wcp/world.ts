import type { Clock } from '../server/clock.js';

export type ConfigStatus = 'CONFIGURING' | 'RUNNING' | 'ERROR' | 'REMOVING';
export type NetworkProvider = 'NSXT_CONTAINER_PLUGIN' | 'VSPHERE_NETWORK' | 'NSX_VPC';

/** `10.96.0.0` and 23. */
export interface Cidr {
  readonly address: string;
  readonly prefix: number;
}

/** A zone and the clusters that make it. */
export interface Zone {
  readonly zone: string;
  readonly clusters: readonly string[];
}

/** What a Supervisor has installed of a Supervisor Service. */
export interface InstalledService {
  readonly service: string;
  readonly version: string;
  readonly configStatus: 'CONFIGURING' | 'CONFIGURED' | 'ERROR' | 'REMOVING';
  readonly namespace: string;
}

/** A control plane and the clusters it runs on. */
export interface Supervisor {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  /** Ids of its clusters: `domain-c12`. */
  readonly clusters: readonly string[];
  readonly zones: readonly Zone[];
  configStatus: ConfigStatus;
  kubernetesStatus: 'READY' | 'WARNING' | 'ERROR';
  /** `v1.30.5+vmware.1-fips` */
  version: string;
  readonly networkProvider: NetworkProvider;
  /** Workload networks by name, the primary one first; only where the provider is VSPHERE_NETWORK. */
  readonly networks: readonly string[];
  /** `127.0.0.1:port` once it listens; empty before. */
  endpoint: string;
  /** PEM of what the endpoint serves. */
  certificate: string;
  readonly serviceCidr: Cidr;
  readonly podCidrs: readonly Cidr[];
  readonly ingressCidrs: readonly Cidr[];
  readonly egressCidrs: readonly Cidr[];
  readonly services: readonly InstalledService[];
  readonly messages: readonly string[];
}

/** Who may do what in a namespace, in the words of the API. */
export interface Access {
  readonly subject_type: 'USER' | 'GROUP';
  readonly subject: string;
  readonly domain: string;
  readonly role: 'OWNER' | 'EDIT' | 'VIEW';
  readonly identity_provider?: string;
}

export interface StorageSpec {
  readonly policy: string;
  /** MiB. */
  readonly limit?: number;
}

/** A content library a namespace may use. Read-only unless it says otherwise. */
export interface LibraryUse {
  readonly content_library: string;
  readonly writable?: boolean;
  readonly allow_import?: boolean;
  readonly resource_naming_strategy?: string;
}

export interface ZoneSpec {
  readonly name: string;
  readonly cpu_limit_MHz?: number;
  readonly memory_limit_MiB?: number;
}

/** The VPC of a namespace where the provider is NSX_VPC. */
export interface Vpc {
  readonly path: string;
  readonly autoCreated: boolean;
  readonly privateCidrs: readonly Cidr[];
  /** How many addresses a subnet has. */
  readonly subnetSize: number;
}

/** A vSphere Namespace. Lists are replaced, never changed in place. */
export interface Namespace {
  readonly name: string;
  /** Id of its Supervisor. */
  readonly supervisor: string;
  configStatus: ConfigStatus;
  description: string;
  /** Limits by their wire name: `cpu_limit` in MHz, `memory_limit` and `storage_request_limit` in MiB. */
  resourceSpec: Readonly<Record<string, number>>;
  accessList: readonly Access[];
  storageSpecs: readonly StorageSpec[];
  /** Names of the classes its machines may have. */
  vmClasses: readonly string[];
  /** What both `content_libraries` and `vm_service_spec.content_libraries` show. */
  contentLibraries: readonly LibraryUse[];
  networks: readonly string[];
  vpc: Vpc | undefined;
  /** Empty: those of the Supervisor. */
  zones: readonly ZoneSpec[];
  readonly creator: { readonly subject: string; readonly domain: string };
  /** CPU in MHz, memory and storage in MiB. */
  stats: { cpu_used: number; memory_used: number; storage_used: number };
  readonly messages: readonly string[];
  readonly createdAt: Date;
}

export interface StoragePolicy {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

export interface VmClass {
  readonly id: string;
  readonly cpus: number;
  readonly memoryMb: number;
  /** Percent; 0 reserves nothing. */
  readonly reserved: number;
  readonly description: string;
  /** Profiles of its virtual GPUs. */
  readonly vgpuProfiles?: readonly string[];
}

export interface Library {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly type: 'LOCAL' | 'SUBSCRIBED';
}

export interface HarborRegistry {
  readonly id: string;
  /** Id of the cluster it runs on. */
  readonly cluster: string;
  readonly namespace: string;
  readonly version: string;
  readonly url: string;
  readonly status: 'STARTING' | 'RUNNING' | 'WARNING' | 'ERROR' | 'DELETING';
  /** Policy, and MiB. */
  readonly storage: readonly {
    readonly policy: string;
    readonly capacity: number;
    readonly used: number;
  }[];
}

export interface SupervisorService {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly state: 'ACTIVATED' | 'DEACTIVATED';
  readonly versions: readonly string[];
}

/** `namespace`: one was made or is not what it was. `namespace-gone`: one was deleted, with everything in it. */
export type WorldEvent = 'namespace' | 'namespace-gone';

/** Workload Management of one vCenter: what its REST API and its Supervisors both show. */
export interface WcpWorld {
  readonly clock: Clock;
  readonly supervisors: Map<string, Supervisor>;
  readonly namespaces: Map<string, Namespace>;
  readonly storagePolicies: Map<string, StoragePolicy>;
  readonly vmClasses: Map<string, VmClass>;
  readonly libraries: Map<string, Library>;
  readonly registries: Map<string, HarborRegistry>;
  readonly services: Map<string, SupervisorService>;
  /** Domains of Single Sign-On whose users and groups can be given access. */
  readonly domains: readonly string[];
  /** Names of the clusters by id, those without a Supervisor too. */
  readonly clusterNames: ReadonlyMap<string, string>;
  /** How long a namespace is being configured, and as long removed. Milliseconds of the clock. */
  readonly configureMilliseconds: number;
  /** Whether the vCenter has any Supervisor. */
  readonly workloadManagement: boolean;
  /** Calls `listener` until the returned function is called. */
  on(event: WorldEvent, listener: (namespace: Namespace) => void): () => void;
  /** Tells every listener. */
  emit(event: WorldEvent, namespace: Namespace): void;
  /** Acts once the clock has gone on for so many milliseconds. */
  after(milliseconds: number, act: () => void): void;
  /** Does what is due: call it before reading, since a test may have moved the clock. */
  settle(): void;
  /** Forgets what is not due yet. */
  close(): void;
}
