import { retrieve } from '@vmware/clients/vim';
import { page, pageInput, pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { gigabytes } from '../../devices.js';

const paths = [
  'name',
  'runtime.connectionState',
  'runtime.powerState',
  'runtime.inMaintenanceMode',
  'summary.hardware.model',
  'summary.hardware.numCpuCores',
  'summary.hardware.memorySize',
  'summary.config.product.version',
  'summary.quickStats.overallCpuUsage',
  'summary.quickStats.overallMemoryUsage',
  'vm',
];

const text = z.string().nullable();
const number = z.number().nullable();

const host = z.object({
  name: z.string(),
  id: z.string(),
  connection_state: text,
  power_state: text,
  maintenance_mode: z.boolean().nullable(),
  model: text,
  version: text,
  cpu_cores: number,
  cpu_usage_mhz: number,
  memory_gb: number,
  memory_usage_mb: number,
  vm_count: z.int().nullable(),
});

export const listHosts = defineTool({
  name: 'list_hosts',
  usage: 'host list',
  summary: 'List ESXi hosts with state, hardware, load and number of VMs.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['System.Read'],
  timeout: 120_000,
  columns: ['name', 'connection_state', 'power_state', 'cpu_cores', 'memory_gb', 'vm_count'],
  examples: ['host list', 'host list -o wide'],
  input: z.object(pageInput),
  output: pageOf(host),
}).run(async ({ limit, cursor }, { vim }, { signal }) => {
  const hosts: z.input<typeof host>[] = [];
  for await (const { ref, props } of retrieve(vim, { type: 'HostSystem', paths, signal })) {
    const get = <T>(path: string): T | null => (props[path] as T | undefined) ?? null;
    const memory = get<number>('summary.hardware.memorySize');
    hosts.push({
      name: get<string>('name') ?? ref.value,
      id: ref.value,
      connection_state: get<string>('runtime.connectionState'),
      power_state: get<string>('runtime.powerState'),
      maintenance_mode: get<boolean>('runtime.inMaintenanceMode'),
      model: get<string>('summary.hardware.model'),
      version: get<string>('summary.config.product.version'),
      cpu_cores: get<number>('summary.hardware.numCpuCores'),
      cpu_usage_mhz: get<number>('summary.quickStats.overallCpuUsage'),
      memory_gb: memory === null ? null : gigabytes(memory),
      memory_usage_mb: get<number>('summary.quickStats.overallMemoryUsage'),
      vm_count: get<unknown[]>('vm')?.length ?? null,
    });
  }
  const key = ({ name, id }: (typeof hosts)[number]) => `${name}\u0000${id}`;
  hosts.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return page(hosts, { limit, cursor }, key);
});
