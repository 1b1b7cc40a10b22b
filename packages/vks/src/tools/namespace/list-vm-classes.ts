import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { listInput, rowsPage } from '../../rows.js';
import { gpusOf } from '../../vm-class.js';

export const listVmClasses = defineTool({
  name: 'list_vm_classes',
  usage: 'namespace vm-classes',
  summary: 'List VM classes: CPUs, memory, reservations and GPUs of the nodes they make.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['System.Read'],
  columns: [
    'id',
    'cpu_count',
    'memory_mb',
    'cpu_reservation_pct',
    'memory_reservation_pct',
    'gpu_count',
  ],
  examples: ['namespace vm-classes'],
  input: z.object({ ...listInput }),
  output: pageOf(
    z.object({
      id: z.string(),
      cpu_count: z.int(),
      memory_mb: z.int(),
      cpu_reservation_pct: z.int().nullable(),
      memory_reservation_pct: z.int().nullable(),
      gpu_count: z.int(),
    }),
  ),
}).run(async (wanted, { wcp }, { signal }) =>
  rowsPage(
    (await wcp.vmClasses({ signal })).map((one) => ({
      id: one.id,
      cpu_count: one.cpu_count,
      memory_mb: one.memory_MB,
      cpu_reservation_pct: one.cpu_reservation ?? null,
      memory_reservation_pct: one.memory_reservation ?? null,
      gpu_count: gpusOf(one),
    })),
    wanted,
    ({ id }) => id,
  ),
);
