import { rawAnswer, rawOutput, rawPath } from '@vmware/policy';
import * as z from 'zod';
import { apiPath } from '../../api-path.js';
import { defineTool } from '../../define.js';

export const getApi = defineTool({
  name: 'get_api',
  usage: 'api get <path>',
  summary: 'Sends a GET of your own to the API and shows what it answers.',
  effect: 'read',
  risk: 'medium',
  level: 'host_admin',
  format: 'json',
  cliOnly: true,
  examples: ['api get /api/vcenter/namespace-management/clusters'],
  input: z.object({ path: rawPath }),
  output: rawOutput,
}).run(async ({ path }, { wcp }, { signal }) =>
  rawAnswer(await wcp.rest.read(apiPath(path), z.unknown(), { signal })),
);
