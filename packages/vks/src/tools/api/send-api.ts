import { rawAnswer, rawOutput, rawPath, rawPlan } from '@vmware/policy';
import * as z from 'zod';
import { apiPath } from '../../api-path.js';
import { defineTool } from '../../define.js';
import { requestOf, sendPlanned } from '../../planned-request.js';
import { quoted } from '../../quoted.js';

export const sendApi = defineTool({
  name: 'send_api',
  usage: 'api send <method> <path>',
  summary: 'Sends a changing request of your own to the API, once, after a person agreed to it.',
  effect: 'destroy',
  risk: 'critical',
  level: 'full_admin',
  cliOnly: true,
  format: 'json',
  examples: ['api send DELETE /api/vcenter/namespaces/instances/dev --dry-run'],
  input: z.object({
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).describe('HTTP method.'),
    path: rawPath,
    body: z.record(z.string(), z.json()).optional().describe('JSON to send.'),
  }),
  output: rawOutput,
})
  .plan(async ({ method, path, body }) => {
    const target = apiPath(path);
    return rawPlan(method, target, requestOf({ method, target, ...(body && { body }) }));
  })
  .run(async ({ path }, { wcp }, context) =>
    rawAnswer(await sendPlanned<unknown>(wcp, context, `vmware-vks api get ${quoted(path)}`)),
  );
