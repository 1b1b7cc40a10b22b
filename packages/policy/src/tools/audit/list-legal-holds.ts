import * as z from 'zod';
import { holds } from '../../audit/holds.js';
import { page, pageInput, pageOf } from '../../page.js';
import { defineTool } from '../define.js';
import { holdRow, holdRowOf } from './hold-row.js';

export const listLegalHolds = defineTool({
  name: 'list_legal_holds',
  usage: 'hold list',
  summary: 'The legal holds on the audit log, and which row placed each.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  examples: ['hold list'],
  input: z.object(pageInput),
  output: pageOf(holdRow),
}).run(async (input, { home }) => page(holds(home).map(holdRowOf), input, ({ name }) => name));
