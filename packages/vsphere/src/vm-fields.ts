import type { Row } from '@vmware/clients/vim';
import { longText } from '@vmware/policy';
import * as z from 'zod';
import { gigabytes } from './devices.js';

/** What needs more than the VM's own properties: names of hosts, and where folders lie. */
export interface Places {
  hostName(id: string): string | null;
  folderPath(id: string): string | null;
}

interface Field {
  readonly schema: z.ZodType;
  /** Property paths of VirtualMachine that the value is made from. */
  readonly paths: readonly string[];
  readonly value: (row: Row, places: Places) => unknown;
  readonly needs?: 'hosts' | 'folders';
}

const text = (path: string): Field => ({
  schema: z.string().nullable(),
  paths: [path],
  value: ({ props }) => props[path] ?? null,
});

const count = (path: string): Field => ({ ...text(path), schema: z.number().nullable() });

const inGigabytes = (path: string): Field => ({
  ...count(path),
  value: ({ props }) => {
    const bytes = props[path];
    return typeof bytes === 'number' ? gigabytes(bytes) : null;
  },
});

/** The fields list_vms can give, and which properties each costs. Unknown is null. */
export const vmFields = {
  name: text('name'),
  id: { schema: z.string(), paths: [], value: ({ ref }) => ref.value },
  power_state: text('runtime.powerState'),
  cpu: count('summary.config.numCpu'),
  memory_mb: count('summary.config.memorySizeMB'),
  guest_os: text('summary.config.guestFullName'),
  ip_address: text('summary.guest.ipAddress'),
  hostname: text('summary.guest.hostName'),
  tools_status: text('summary.guest.toolsRunningStatus'),
  host: {
    schema: z.string().nullable(),
    paths: ['runtime.host'],
    value: ({ props }, { hostName }) => hostName(idOf(props['runtime.host'])),
    needs: 'hosts',
  },
  path: {
    schema: z.string().nullable(),
    paths: ['name', 'parent'],
    value: ({ props }, { folderPath }) => {
      const folder = folderPath(idOf(props['parent']));
      return folder === null ? null : `${folder}/${String(props['name'] ?? '')}`;
    },
    needs: 'folders',
  },
  is_template: {
    schema: z.boolean().nullable(),
    paths: ['summary.config.template'],
    value: ({ props }) => props['summary.config.template'] ?? null,
  },
  uuid: text('summary.config.uuid'),
  instance_uuid: text('summary.config.instanceUuid'),
  storage_gb: inGigabytes('summary.storage.committed'),
  annotation: { ...text('summary.config.annotation'), schema: longText().nullable() },
  status: text('summary.overallStatus'),
} as const satisfies Record<string, Field>;

export type VmField = keyof typeof vmFields;
export const fieldNames = Object.keys(vmFields) as [VmField, ...VmField[]];
export const defaultFields: readonly VmField[] = [
  'name',
  'id',
  'power_state',
  'cpu',
  'memory_mb',
  'guest_os',
];

/** A row of list_vms: every field optional, since the caller chooses. */
export const vmRow = z.object(
  Object.fromEntries(fieldNames.map((name) => [name, vmFields[name].schema.optional()])),
);

const idOf = (reference: unknown): string =>
  (reference as { value?: string } | undefined)?.value ?? '';
