import type { Access, NetworkProvider, Supervisor } from '../world.js';

/** A Supervisor to start with. */
export interface SupervisorSeed {
  readonly name: string;
  /** Zones, each a cluster; one without a name when absent. */
  readonly zones?: readonly string[];
  /** RUNNING when absent. One that is still CONFIGURING has no address. */
  readonly configStatus?: Supervisor['configStatus'];
  readonly networkProvider?: NetworkProvider;
  readonly version?: string;
  readonly messages?: readonly string[];
  /** Ids of the Supervisor Services it has installed. */
  readonly services?: readonly string[];
}

/** A vSphere Namespace to start with; what it is given is named, not identified. */
export interface NamespaceSeed {
  readonly name: string;
  readonly supervisor: string;
  readonly description?: string;
  /** `cpu_limit` in MHz, `memory_limit` in MiB. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Storage policy -> its limit in MiB; null: none. */
  readonly storage?: Readonly<Record<string, number | null>>;
  readonly vmClasses?: readonly string[];
  readonly libraries?: readonly string[];
  readonly access?: readonly Access[];
  /** CPU in MHz, memory and storage in MiB. */
  readonly used?: { readonly cpu: number; readonly memory: number; readonly storage: number };
}

/** What Workload Management starts with. */
export interface VksSeed {
  readonly supervisors: readonly SupervisorSeed[];
  readonly namespaces: readonly NamespaceSeed[];
}

/** `lab`: two Supervisors, three namespaces. `empty`: one Supervisor. `large`: five, with 50 namespaces. */
export type VksSeedName = 'lab' | 'empty' | 'large';

const classes = ['xsmall', 'small', 'medium', 'large'].flatMap((size) => [
  `best-effort-${size}`,
  `guaranteed-${size}`,
]);

const grant = (subject: string, role: Access['role'], type: Access['subject_type'] = 'USER') => {
  const [name = '', domain = ''] = subject.split('@');
  return { subject_type: type, subject: name, domain, role };
};

const lab: VksSeed = {
  supervisors: [
    {
      name: 'supervisor-a',
      services: ['tkg.vsphere.vmware.com', 'velero.vsphere.vmware.com'],
    },
    {
      name: 'supervisor-b',
      networkProvider: 'VSPHERE_NETWORK',
      services: ['tkg.vsphere.vmware.com'],
    },
  ],
  namespaces: [
    {
      name: 'dev',
      supervisor: 'supervisor-a',
      description: 'Development',
      limits: { cpu_limit: 40_000, memory_limit: 262_144 },
      storage: { gold: 1_048_576, silver: null },
      vmClasses: classes,
      libraries: ['kubernetes-releases', 'vm-images'],
      access: [
        grant('developer@vsphere.local', 'EDIT'),
        grant('readonly@vsphere.local', 'VIEW'),
        grant('developers@corp.local', 'EDIT', 'GROUP'),
      ],
      used: { cpu: 12_400, memory: 81_920, storage: 204_800 },
    },
    {
      name: 'prod',
      supervisor: 'supervisor-a',
      description: 'Production',
      limits: { cpu_limit: 120_000, memory_limit: 524_288 },
      storage: { gold: 4_194_304 },
      vmClasses: classes.filter((name) => name.startsWith('guaranteed')),
      libraries: ['kubernetes-releases'],
      access: [grant('readonly@vsphere.local', 'VIEW'), grant('sre@corp.local', 'OWNER', 'GROUP')],
      used: { cpu: 61_000, memory: 262_144, storage: 1_572_864 },
    },
    {
      name: 'edge',
      supervisor: 'supervisor-b',
      description: 'Edge sites',
      storage: { silver: 524_288 },
      vmClasses: ['best-effort-small', 'best-effort-medium'],
      libraries: ['kubernetes-releases'],
      access: [grant('developer@vsphere.local', 'VIEW')],
      used: { cpu: 2_000, memory: 16_384, storage: 51_200 },
    },
  ],
};

const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];

/** So many Supervisors: `supervisor-a`, `supervisor-b` and so on. */
export const numbered = (count: number): SupervisorSeed[] =>
  Array.from({ length: count }, (_, at) => ({
    ...lab.supervisors[at],
    name: `supervisor-${letters[at] ?? at + 1}`,
  }));

function large(): VksSeed {
  const supervisors = numbered(5);
  return {
    supervisors,
    namespaces: supervisors.flatMap(({ name }) =>
      Array.from({ length: 10 }, (_, at) => ({
        name: `${name.replace('supervisor', 'team')}-${String(at + 1).padStart(2, '0')}`,
        supervisor: name,
        storage: { gold: null, silver: null },
        vmClasses: classes,
        libraries: ['kubernetes-releases'],
      })),
    ),
  };
}

/** Turns a choice into a seed. */
export function vksSeedOf(name: VksSeedName = 'lab'): VksSeed {
  if (name === 'lab') return lab;
  return name === 'large' ? large() : { supervisors: numbered(1), namespaces: [] };
}
