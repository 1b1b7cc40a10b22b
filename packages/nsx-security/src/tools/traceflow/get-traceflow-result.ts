import { segment } from '@vmware/clients/nsx';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { placeOf, read } from '../../objects.js';
import { nsxScope } from '../../schema.js';
import { readTrace, traceResult } from '../../trace.js';

export const getTraceflowResult = defineTool({
  name: 'get_traceflow_result',
  usage: 'traceflow get <traceflow_id>',
  summary: 'State, observations and deciding rules of a trace that was started before.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  format: 'json',
  flags: { nsx_scope: 'scope' },
  examples: ['traceflow get vmware-trace-0123456789ab-1'],
  input: z.object({
    traceflow_id: z.string().min(1).max(255).describe('Id of the trace.'),
    nsx_scope: nsxScope,
  }),
  output: z.object(traceResult),
}).run(async ({ traceflow_id, nsx_scope }, { nsx }, context) => {
  const place = placeOf(nsx, nsx_scope, context);
  const path = `${place.scope.infra}/traceflows/${segment(traceflow_id)}`;
  await read(place, path, 'traceflow run --help');
  return readTrace(place, path, traceflow_id);
});
