import { rawAnswer, rawOutput, rawPath, rawPlan } from '@vmware/policy';
import * as z from 'zod';
import { apiPath } from '../../api-path.js';
import { defineTool } from '../../define.js';
import { quoted } from '../../objects.js';
import { requestOf, sendPlanned } from '../../planned-request.js';

export const sendApi = defineTool({
  name: 'send_api',
  usage: 'api send <method> <path>',
  summary: 'Sends a changing request of your own to the API, once, after a person agreed to it.',
  effect: 'destroy',
  risk: 'critical',
  level: 'full_admin',
  cliOnly: true,
  format: 'json',
  examples: ['api send DELETE /policy/api/v1/infra/services/old --dry-run'],
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
  .run(async ({ path }, { nsx }, context) =>
    rawAnswer(
      await sendPlanned<unknown>(nsx, context, `vmware-nsx-security api get ${quoted(path)}`),
    ),
  );
