import * as z from 'zod';
import { anchors, checkingKey, der, lastAnchor } from '../../audit/anchor.js';
import { keepAnchors } from '../../audit/keep-anchors.js';
import { Store } from '../../audit/store.js';
import { Refusal } from '../../refusal.js';
import { defineTool } from '../define.js';
import { recordPlan } from './record-plan.js';

export const anchorAuditLog = defineTool({
  name: 'anchor_audit_log',
  usage: 'anchor',
  summary: 'Signs the last row of the audit log, and copies checkpoints to a file for safekeeping.',
  effect: 'write',
  risk: 'low',
  level: 'power_ops',
  local: true,
  cliOnly: true,
  format: 'yaml',
  examples: ['anchor --yes', 'anchor --out /mnt/auditor/audit.anchor --yes'],
  input: z.object({
    out: z.string().optional().describe('Append what this file does not have yet to it.'),
  }),
  output: z.object({
    seq: z.int(),
    hash: z.string(),
    ts: z.string(),
    origin: z.string(),
    sig: z.string(),
    public_key: z.string(),
    copied: z.int(),
  }),
})
  .plan(async ({ out }, { home }) =>
    recordPlan(home, 'Sign the last row of the audit log', [
      `a checkpoint is appended to ${home.auditAnchor}`,
      ...(out === undefined ? [] : [`checkpoints that ${out} does not have are appended to it`]),
    ]),
  )
  .run(async ({ out }, { home }) => {
    const store = new Store(home);
    try {
      store.anchor({ always: true });
    } finally {
      store.close();
    }
    const last = lastAnchor(home);
    const key = checkingKey(home);
    if (!last || !key)
      throw new Refusal(
        'AUDIT_UNAVAILABLE',
        `Nothing could be signed in ${home.dir}.`,
        'Run `vmware-audit verify` and mend what it names.',
      );
    const { seq, hash, ts, origin, sig } = last;
    return {
      seq,
      hash,
      ts,
      origin,
      sig,
      public_key: der(key),
      copied: out === undefined ? 0 : keepAnchors(anchors(home), out),
    };
  });
