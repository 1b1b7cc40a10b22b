import { changeInText, textOfChange } from '@vmware/clients/http';
import { rawAnswer, rawOutput, rawPath, rawPlan } from '@vmware/policy';
import * as z from 'zod';
import { apiPath } from '../../api-path.js';
import { defineTool } from '../../define.js';

export const sendApi = defineTool({
  name: 'send_api',
  usage: 'api send <method> <path>',
  summary: 'Sends a changing request of your own to the API, once, after a person agreed to it.',
  effect: 'destroy',
  risk: 'critical',
  level: 'full_admin',
  cliOnly: true,
  format: 'json',
  examples: ["api send POST '/api/vcenter/vm/vm-12/power?action=reset' --dry-run"],
  input: z.object({
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).describe('HTTP method.'),
    path: rawPath,
    body: z.record(z.string(), z.json()).optional().describe('JSON to send.'),
  }),
  output: rawOutput,
})
  .plan(async ({ method, path, body }) => {
    const target = apiPath(path);
    return rawPlan(method, target, textOfChange({ method, target, ...(body && { body }) }));
  })
  .run(async (_input, { rest }, context) => {
    const [request = ''] = context.plan.requests;
    const { signal } = context;
    return rawAnswer(await (await rest(signal)).send(changeInText(request), { signal }));
  });
