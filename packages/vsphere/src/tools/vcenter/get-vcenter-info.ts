import * as z from 'zod';
import { defineTool } from '../../define.js';

export const getVcenterInfo = defineTool({
  name: 'get_vcenter_info',
  usage: 'about',
  summary: 'Product, version, build and API version of the vCenter Server or ESXi host.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  examples: ['about', 'about --target lab -o json'],
  input: z.object({}),
  output: z.object({
    name: z.string(),
    full_name: z.string(),
    vendor: z.string(),
    version: z.string(),
    build: z.string(),
    os_type: z.string(),
    api_type: z.string(),
    api_version: z.string(),
    instance_uuid: z.string().nullable(),
    user: z.string(),
  }),
}).run(async (_input, { vim }, { signal }) => {
  const { about } = await vim.content({ signal });
  // Whoever may ask has to be somebody: the content alone is served without a login.
  const { userName } = await vim.identity({ signal });
  return {
    name: about.name,
    full_name: about.fullName,
    vendor: about.vendor,
    version: about.version,
    build: about.build,
    os_type: about.osType,
    api_type: about.apiType,
    api_version: about.apiVersion,
    instance_uuid: about.instanceUuid ?? null,
    user: userName,
  };
});
