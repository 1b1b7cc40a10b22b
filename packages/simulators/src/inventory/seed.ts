import type { Power, Vm } from './entities.js';
import { hostileAnnotation, hostileName } from './hostile.js';

/** A snapshot as a seed writes it; `current` marks where the machine stands. */
export interface SnapshotSeed {
  readonly name: string;
  readonly description?: string;
  readonly memory?: boolean;
  readonly current?: boolean;
  readonly children?: readonly SnapshotSeed[];
}

export interface VmSeed {
  readonly name: string;
  /** Below the datacenter's vm folder, made when missing: `apps/web`. */
  readonly folder?: string;
  readonly cluster?: string;
  readonly power?: Power;
  readonly template?: boolean;
  readonly cpus?: number;
  readonly memoryMb?: number;
  readonly diskGb?: readonly number[];
  readonly annotation?: string;
  readonly tools?: Vm['tools'];
  readonly guest?: 'linux' | 'windows';
  readonly snapshots?: readonly SnapshotSeed[];
}

export interface CategorySeed {
  readonly name: string;
  /** Tag -> names of the VMs and hosts it is attached to; the first of a name. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

/** What a simulation starts with. */
export interface Seed {
  readonly datacenter?: string;
  readonly clusters?: readonly { readonly name: string; readonly hosts: readonly string[] }[];
  readonly vms: readonly VmSeed[];
  readonly categories?: readonly CategorySeed[];
}

/** A seed by name, by size, or written out. */
export type SeedChoice = 'small' | 'lab' | { readonly vms: number } | Seed;

const small: Seed = {
  datacenter: 'DC0',
  clusters: [{ name: 'cluster-01', hosts: ['esx-01.test', 'esx-02.test'] }],
  vms: [
    { name: 'web-01', folder: 'apps', power: 'poweredOn', annotation: 'Front end' },
    {
      name: 'db-01',
      folder: 'apps',
      power: 'poweredOn',
      cpus: 4,
      memoryMb: 8192,
      diskGb: [40, 200],
      snapshots: [
        {
          name: 'before upgrade',
          description: 'PostgreSQL 15',
          children: [{ name: 'after upgrade', memory: true, current: true }],
        },
      ],
    },
    { name: 'batch-01', power: 'poweredOff' },
    { name: 'legacy-01', power: 'poweredOn', tools: 'notInstalled', guest: 'windows' },
    { name: 'golden-ubuntu', folder: 'templates', template: true },
    { name: hostileName, power: 'poweredOff', annotation: hostileAnnotation },
  ],
};

const lab: Seed = {
  datacenter: 'Lab',
  clusters: [
    { name: 'compute-a', hosts: ['esx-a1.lab.test', 'esx-a2.lab.test'] },
    { name: 'compute-b', hosts: ['esx-b1.lab.test', 'esx-b2.lab.test'] },
  ],
  vms: [
    ...numbered('web', 6, { folder: 'prod/web', power: 'poweredOn', cluster: 'compute-a' }),
    ...numbered('app', 4, { folder: 'prod/app', power: 'poweredOn', cpus: 4, memoryMb: 8192 }),
    {
      name: 'db-01',
      folder: 'prod/data',
      power: 'poweredOn',
      cpus: 8,
      memoryMb: 32768,
      diskGb: [60, 500],
      snapshots: [
        {
          name: 'nightly',
          children: [
            { name: 'before patch', description: 'CHG-1042', current: true },
            { name: 'abandoned', memory: true },
          ],
        },
      ],
    },
    { name: 'db-01', folder: 'test/data', power: 'poweredOff', memoryMb: 8192 },
    { name: 'db-02', folder: 'prod/data', power: 'poweredOn', cpus: 8, memoryMb: 32768 },
    ...numbered('ci-runner', 3, { folder: 'test/ci', power: 'poweredOff', cluster: 'compute-b' }),
    { name: 'build-cache', folder: 'test/ci', power: 'suspended', cluster: 'compute-b' },
    { name: 'win-jump', folder: 'infra', power: 'poweredOn', guest: 'windows' },
    { name: 'appliance-01', folder: 'infra', power: 'poweredOn', tools: 'notInstalled' },
    { name: 'dns-01', folder: 'infra', power: 'poweredOn', tools: 'stopped' },
    {
      name: 'scratch-01',
      power: 'poweredOn',
      snapshots: [{ name: 'clean', memory: true, current: true }],
    },
    { name: 'ubuntu-24.04', folder: 'templates', template: true },
    { name: 'windows-2022', folder: 'templates', template: true, guest: 'windows' },
    { name: hostileName, folder: 'test', power: 'poweredOff', annotation: hostileAnnotation },
  ],
  categories: [
    {
      name: 'tier',
      tags: {
        gold: ['web-01', 'web-02', 'esx-a1.lab.test'],
        silver: ['app-01', 'db-02', 'ci-runner-01'],
        bronze: [],
      },
    },
    { name: 'owner', tags: { payments: ['web-01', 'app-01'], silver: ['scratch-01'] } },
  ],
};

/** Turns a choice into a seed. `{vms: 10_000}` is spread over hosts as a large site would be. */
export function seedOf(choice: SeedChoice = 'small'): Seed {
  if (choice === 'small') return small;
  if (choice === 'lab') return lab;
  return typeof choice.vms === 'number' ? large(choice.vms) : (choice as Seed);
}

function large(vms: number): Seed {
  const clusters = Array.from({ length: Math.max(1, Math.ceil(vms / 1000)) }, (_, cluster) => ({
    name: `cluster-${two(cluster + 1)}`,
    hosts: Array.from({ length: 16 }, (_, host) => `esx-${two(cluster + 1)}-${two(host + 1)}.test`),
  }));
  return {
    datacenter: 'DC0',
    clusters,
    vms: Array.from(
      { length: vms },
      (_, at): VmSeed => ({
        name: `vm-${String(at + 1).padStart(5, '0')}`,
        folder: `group-${two(at % 20)}`,
        cluster: `cluster-${two((at % clusters.length) + 1)}`,
        power: at % 4 === 3 ? 'poweredOff' : 'poweredOn',
      }),
    ),
  };
}

function numbered(name: string, count: number, rest: Omit<VmSeed, 'name'>): VmSeed[] {
  return Array.from({ length: count }, (_, at) => ({ name: `${name}-${two(at + 1)}`, ...rest }));
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
