import { longText, pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { listInput, rowsPage } from '../../rows.js';
import { supervisorWord } from '../../schema.js';

export const listNamespaces = defineTool({
  name: 'list_namespaces',
  usage: 'namespace list',
  summary: 'List vSphere Namespaces of every Supervisor, with state and what they use.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['System.Read', 'Namespaces.Manage'],
  columns: [
    'namespace',
    'supervisor',
    'config_status',
    'memory_used_mib',
    'storage_used_mib',
    'description',
  ],
  examples: ['namespace list', 'namespace list --supervisor supervisor-a'],
  input: z.object({ supervisor: supervisorWord.optional(), ...listInput }),
  output: pageOf(
    z.object({
      namespace: z.string(),
      supervisor: z.string(),
      config_status: z.string(),
      description: longText(),
      cpu_used_mhz: z.number().nullable(),
      memory_used_mib: z.number().nullable(),
      storage_used_mib: z.number().nullable(),
    }),
  ).extend({ empty_reason: z.string().nullable() }),
}).run(async ({ supervisor, ...wanted }, { wcp, supervisors }, { signal }) => {
  const [all, namespaces] = await Promise.all([
    supervisors.list({ signal }),
    wcp.namespaces({ signal }),
  ]);
  const only =
    supervisor === undefined ? undefined : await supervisors.find(supervisor, { signal });
  const names = new Map(all.map(({ id, name }) => [id, name]));
  const rows = namespaces
    .filter((one) => only === undefined || one.supervisor === only.id)
    .map(({ namespace, supervisor: on, config_status, description = '', stats }) => ({
      namespace,
      supervisor: names.get(on) ?? on,
      config_status,
      description,
      cpu_used_mhz: stats?.cpu_used ?? null,
      memory_used_mib: stats?.memory_used ?? null,
      storage_used_mib: stats?.storage_used ?? null,
    }));
  return {
    ...rowsPage(rows, wanted, ({ namespace }) => namespace),
    // vCenter answers [] for both.
    empty_reason:
      rows.length > 0
        ? null
        : all.length === 0
          ? 'Workload Management is off: there is no Supervisor.'
          : 'No vSphere Namespace was created yet, or the account sees none.',
  };
});
