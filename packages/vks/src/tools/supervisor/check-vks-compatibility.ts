import * as z from 'zod';
import { defineTool } from '../../define.js';
import { isAtLeast, needed } from '../../vcenter-version.js';

export const checkVksCompatibility = defineTool({
  name: 'check_vks_compatibility',
  usage: 'supervisor check',
  summary:
    'Can this vCenter run vSphere Kubernetes Service: its version, and the state of each Supervisor.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['System.Read', 'Namespaces.Manage'],
  format: 'json',
  examples: ['supervisor check'],
  input: z.object({}),
  output: z.object({
    compatible: z.boolean(),
    vcenter_version: z.string(),
    vcenter_build: z.string(),
    min_required_version: z.string(),
    version_compatible: z.boolean(),
    workload_management_enabled: z.boolean().nullable(),
    wcp_enabled_clusters: z.int().nullable(),
    wcp_clusters: z.array(
      z.object({
        cluster: z.string(),
        supervisor: z.string(),
        name: z.string(),
        status: z.string(),
      }),
    ),
    wcp_query_failed: z.boolean(),
    wcp_query_error: z.string().nullable(),
    hint: z.string().nullable(),
  }),
}).run(async (_input, { about, supervisors }, { signal }) => {
  const { version, build } = await about(signal);
  const suits = isAtLeast(version, needed);
  // What could not be asked is not "none": the difference is what somebody is looking for here.
  const asked = await supervisors.list({ signal }).then(
    (all) => ({ all, error: null }),
    (error: Error) => ({ all: undefined, error: error.message }),
  );
  const running = asked.all?.filter(({ configStatus }) => configStatus === 'RUNNING');
  return {
    compatible: suits && (running?.length ?? 0) > 0,
    vcenter_version: version,
    vcenter_build: build,
    min_required_version: needed,
    version_compatible: suits,
    workload_management_enabled: asked.all ? asked.all.length > 0 : null,
    wcp_enabled_clusters: running?.length ?? null,
    wcp_clusters: (asked.all ?? []).flatMap(({ id, name, clusters, configStatus }) =>
      clusters.map((cluster) => ({ cluster, supervisor: id, name, status: configStatus })),
    ),
    wcp_query_failed: asked.error !== null,
    wcp_query_error: asked.error,
    hint: hintFor(suits, version, asked.all?.length, running?.length),
  };
});

function hintFor(
  suits: boolean,
  version: string,
  all: number | undefined,
  running: number | undefined,
): string | null {
  if (!suits) return `vCenter ${version} is too old: upgrade it to ${needed} or newer.`;
  if (all === undefined)
    return 'Supervisors could not be listed, so whether there is one is unknown: run `vmware-vks doctor`.';
  if (all === 0) return 'Workload Management is off: enable a Supervisor in the vSphere Client.';
  if (running === 0) return 'No Supervisor is RUNNING: run `vmware-vks supervisor check`.';
  return null;
}
