import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { listInput, rowsPage } from '../../rows.js';

export const listSupervisorServices = defineTool({
  name: 'list_supervisor_services',
  usage: 'supervisor services',
  summary:
    'List Supervisor Services: what is registered, and its version and state on each Supervisor.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['System.Read', 'Namespaces.Manage'],
  columns: ['service', 'display_name', 'state', 'supervisor', 'current_version', 'config_status'],
  examples: ['supervisor services'],
  input: z.object({ ...listInput }),
  output: pageOf(
    z.object({
      service: z.string(),
      display_name: z.string(),
      state: z.string(),
      supervisor: z.string().nullable(),
      current_version: z.string().nullable(),
      desired_version: z.string().nullable(),
      config_status: z.string().nullable(),
    }),
  ),
}).run(async (wanted, { wcp, supervisors }, { signal }) => {
  const [registered, all] = await Promise.all([
    wcp.services({ signal }),
    supervisors.list({ signal }),
  ]);
  const installed = await Promise.all(
    all.map(async ({ clusters: [cluster], name }) => {
      if (cluster === undefined) return [];
      const services = await wcp.installedServices(cluster, { signal });
      return services.map((service) => ({ ...service, on: name }));
    }),
  );
  const everywhere = installed.flat();
  const rows = registered.flatMap(({ supervisor_service: service, display_name, state }) => {
    const here = everywhere.filter((one) => one.supervisor_service === service);
    const nowhere = { on: null, current_version: null, desired_version: null, config_status: null };
    return (here.length === 0 ? [nowhere] : here).map((one) => ({
      service,
      display_name,
      state,
      supervisor: one.on,
      current_version: one.current_version ?? null,
      desired_version: one.desired_version ?? null,
      config_status: one.config_status ?? null,
    }));
  });
  return rowsPage(rows, wanted, ({ service, supervisor }) => `${service}\u0000${supervisor}`);
});
