import { findVm, inventoryPaths, properties, propertiesOf, type Ref } from '@vmware/clients/vim';
import { longText } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { type Device, disksIn, nicsIn } from '../../devices.js';
import { vmName } from '../../schema.js';

const paths = [
  'name',
  'runtime.powerState',
  'runtime.host',
  'runtime.bootTime',
  'config.hardware.numCPU',
  'config.hardware.memoryMB',
  'config.hardware.device',
  'config.guestFullName',
  'config.guestId',
  'config.uuid',
  'config.instanceUuid',
  'config.template',
  'config.annotation',
  'config.version',
  'guest.ipAddress',
  'guest.hostName',
  'guest.toolsRunningStatus',
  'guest.toolsVersion',
  'datastore',
  'summary.overallStatus',
] as const;

const text = z.string().nullable();

export const getVmInfo = defineTool({
  name: 'get_vm_info',
  usage: 'vm info <name>',
  summary: 'One VM in detail: hardware, guest, addresses, disks, NICs, host and datastores.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['System.Read'],
  examples: ['vm info web-01', 'vm info vm-1042 -o yaml'],
  input: z.object({ name: vmName }),
  output: z.object({
    name: z.string(),
    id: z.string(),
    path: text,
    power_state: text,
    status: text,
    cpu: z.int().nullable(),
    memory_mb: z.int().nullable(),
    guest_os: text,
    guest_id: text,
    ip_address: text,
    hostname: text,
    tools_status: text,
    tools_version: text,
    host: text,
    datastore: z.array(z.string()),
    disks: z.array(
      z.object({
        label: text,
        capacity_gb: z.number().nullable(),
        thin_provisioned: z.boolean().nullable(),
        file: text,
      }),
    ),
    nics: z.array(z.object({ label: text, mac_address: text, connected: z.boolean().nullable() })),
    uuid: text,
    instance_uuid: text,
    hardware_version: text,
    is_template: z.boolean().nullable(),
    boot_time: text,
    annotation: longText().nullable(),
  }),
}).run(async ({ name }, { vim }, { signal }) => {
  const { ref } = await findVm(vim, name, { signal });
  const [{ props }, places] = await Promise.all([
    properties(vim, ref, paths, { signal }),
    inventoryPaths(vim, [ref], { signal }),
  ]);
  const host = props['runtime.host'] as Ref | undefined;
  const datastores = (props['datastore'] ?? []) as Ref[];
  const named = await propertiesOf(vim, [...(host ? [host] : []), ...datastores], ['name'], {
    signal,
  });
  const nameOf = new Map(
    named.map((row) => [row.ref.value, String(row.props['name'] ?? row.ref.value)]),
  );
  const devices = (props['config.hardware.device'] ?? []) as Device[];
  const string = (path: (typeof paths)[number]) => (props[path] as string | undefined) ?? null;
  const number = (path: (typeof paths)[number]) => (props[path] as number | undefined) ?? null;
  return {
    name: string('name') ?? ref.value,
    id: ref.value,
    path: places.get(ref.value) ?? null,
    power_state: string('runtime.powerState'),
    status: string('summary.overallStatus'),
    cpu: number('config.hardware.numCPU'),
    memory_mb: number('config.hardware.memoryMB'),
    guest_os: string('config.guestFullName'),
    guest_id: string('config.guestId'),
    ip_address: string('guest.ipAddress'),
    hostname: string('guest.hostName'),
    tools_status: string('guest.toolsRunningStatus'),
    tools_version: string('guest.toolsVersion'),
    host: host ? (nameOf.get(host.value) ?? null) : null,
    datastore: datastores.map(({ value }) => nameOf.get(value) ?? value),
    disks: disksIn(devices),
    nics: nicsIn(devices),
    uuid: string('config.uuid'),
    instance_uuid: string('config.instanceUuid'),
    hardware_version: string('config.version'),
    is_template: (props['config.template'] as boolean | undefined) ?? null,
    boot_time: string('runtime.bootTime'),
    annotation: string('config.annotation'),
  };
});
