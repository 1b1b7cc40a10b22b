import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';

const registry = z.object({
  id: z.string(),
  cluster: z.string().nullable(),
  version: z.string().nullable(),
  url: z.string().nullable(),
  status: z.string().nullable(),
  storage_used_mb: z.number().nullable(),
  storage_capacity_mb: z.number().nullable(),
});

export const getHarborInfo = defineTool({
  name: 'get_harbor_info',
  usage: 'harbor',
  summary: 'Embedded Harbor registries: address, version, health and storage in use.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['System.Read'],
  format: 'json',
  examples: ['harbor'],
  input: z.object({}),
  output: z.object({ registries: z.array(registry), hint: z.string().nullable() }),
}).run(async (_input, { wcp }, { signal }) => {
  const registries = await wcp.harborRegistries({ signal }).catch((error: unknown) => {
    throw error instanceof Error && 'code' in error && error.code === 'NOT_FOUND'
      ? new Refusal(
          'NOT_SUPPORTED',
          'This vCenter has no embedded Harbor registry.',
          'Harbor as a Supervisor Service is in `vmware-vks supervisor services`.',
        )
      : error;
  });
  const known = await Promise.all(
    registries.map(async ({ registry: id, cluster, version, ui_access_url }) => {
      // One registry that does not answer must not hide the others.
      const info = await wcp.harborRegistry(id, { signal }).catch(() => undefined);
      const sum = (field: 'used' | 'capacity') =>
        info?.storage ? info.storage.reduce((total, one) => total + one[field], 0) : null;
      return {
        id,
        cluster: cluster ?? null,
        version: version ?? null,
        url: ui_access_url ?? null,
        status: info?.health?.status ?? null,
        storage_used_mb: sum('used'),
        storage_capacity_mb: sum('capacity'),
      };
    }),
  );
  return {
    registries: known,
    hint:
      known.length > 0
        ? null
        : 'There is none. Harbor as a Supervisor Service is in `vmware-vks supervisor services`.',
  };
});
