import * as z from 'zod';
import { changesInDoubt } from '../../audit/query.js';
import { reconcile } from '../../audit/reconcile.js';
import { Store } from '../../audit/store.js';
import { defineTool } from '../define.js';
import { recordPlan } from './record-plan.js';

export const reconcileAuditLog = defineTool({
  name: 'reconcile_audit_log',
  usage: 'reconcile',
  summary: 'Marks changes whose program died before their outcome as in doubt, and lists them.',
  effect: 'write',
  risk: 'low',
  level: 'power_ops',
  local: true,
  idempotent: true,
  columns: ['seq', 'time', 'tool', 'target', 'operation'],
  examples: ['reconcile --yes'],
  input: z.object({}),
  output: z.object({
    items: z.array(
      z.object({
        seq: z.int(),
        time: z.string(),
        skill: z.string(),
        tool: z.string(),
        target: z.string(),
        user: z.string(),
        operation: z.string(),
      }),
    ),
    marked: z.int(),
  }),
})
  .plan(async (_input, { home }) =>
    recordPlan(home, 'Mark changes that nobody will finish as in doubt', [
      'each dangling intent of a program that is gone gets a row of its own',
    ]),
  )
  .run(async (_input, { home }) => {
    const store = new Store(home);
    try {
      const marked = await reconcile(store);
      const items = changesInDoubt(home).map((row) => ({
        seq: row.seq,
        time: row.ts,
        skill: row.skill,
        tool: row.tool,
        target: row.target,
        user: row.actor,
        operation: row.op_id,
      }));
      return { items, marked };
    } finally {
      store.close();
    }
  });
