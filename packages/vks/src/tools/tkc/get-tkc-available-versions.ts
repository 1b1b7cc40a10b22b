import * as z from 'zod';
import { defineTool } from '../../define.js';
import { isUsable, releasesOf } from '../../releases.js';
import { namespaceFlag, namespaceName } from '../../schema.js';

export const getTkcAvailableVersions = defineTool({
  name: 'get_tkc_available_versions',
  usage: 'tkc versions',
  summary: 'Kubernetes versions that clusters in a namespace can have, newest first.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['Namespaces.Manage', 'VIEW'],
  format: 'json',
  flags: namespaceFlag,
  examples: ['tkc versions -n dev', 'tkc versions -n dev --all'],
  input: z.object({
    namespace: namespaceName,
    all: z.boolean().default(false).describe('Also those that are not ready or not compatible.'),
  }),
  output: z.object({
    namespace: z.string(),
    supervisor: z.string(),
    versions: z.array(
      z.object({
        name: z.string(),
        version: z.string(),
        ready: z.boolean().nullable(),
        compatible: z.boolean().nullable(),
        os_images: z.array(z.string()),
        why: z.string().nullable(),
      }),
    ),
    hidden: z.int(),
  }),
}).run(async ({ namespace, all }, { supervisors }, { signal }) => {
  const on = await supervisors.of(namespace, { signal });
  const releases = await releasesOf(supervisors.kube(on), signal);
  const shown = all ? releases : releases.filter(isUsable);
  return {
    namespace,
    supervisor: on.name,
    versions: shown.map(({ name, version, ready, compatible, osImages, why }) => ({
      name,
      version,
      ready: ready ?? null,
      compatible: compatible ?? null,
      os_images: [...osImages],
      why,
    })),
    hidden: releases.length - shown.length,
  };
});
