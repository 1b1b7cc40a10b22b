import * as z from 'zod';
import { askedTraffic } from '../../asked-traffic.js';
import { beyondReasons } from '../../beyond.js';
import { configurationOf } from '../../configuration.js';
import { defineTool } from '../../define.js';
import { explainConnectivity as explain, Firewall } from '../../dfw/index.js';
import { endOf } from '../../ends.js';
import { partRow, sideOf, summaryOf } from '../../explained.js';
import { nsxScope, snapshotInput } from '../../schema.js';

const end = (which: string) =>
  z.string().min(1).max(600).describe(`${which}: VM, group, address, prefix or range.`);

/** Parts beyond these say the same with fewer pairs. */
const partsShown = 20;

export const explainConnectivity = defineTool({
  name: 'explain_connectivity',
  usage: 'explain connectivity <source> <destination>',
  summary: 'May A reach B: the verdict, the deciding rule on each side, and what would change it.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  timeout: 180_000,
  format: 'yaml',
  flags: { nsx_scope: 'scope' },
  offline: ['snapshot'],
  examples: [
    'explain connectivity web-01 db-02 --port 3306',
    'explain connectivity 192.168.7.1 web-servers --service HTTPS --snapshot before.json',
  ],
  input: z.object({
    source: end('Source'),
    destination: end('Destination'),
    protocol: z.enum(['TCP', 'UDP', 'ICMP']).optional().describe('TCP where a port is given.'),
    port: z.string().max(20).optional().describe('Destination port or range; any if absent.'),
    service: z.string().max(600).optional().describe('A service instead of protocol and port.'),
    snapshot: snapshotInput,
    nsx_scope: nsxScope,
  }),
  output: z.object({
    source: z.string(),
    destination: z.string(),
    verdict: z.enum(['allowed', 'blocked', 'partly', 'unknown']),
    summary: z.string(),
    reasons: z.array(z.string()),
    firewall_enabled: z.boolean().nullable(),
    pairs: z.int(),
    parts: z.array(partRow),
    parts_total: z.int(),
  }),
}).run(async ({ source, destination, snapshot, nsx_scope, ...words }, clients, context) => {
  const configuration = await configurationOf({ snapshot, nsx_scope }, clients, context);
  const from = endOf(configuration, source);
  const to = endOf(configuration, destination);
  const traffic = askedTraffic(configuration, words);
  const firewall = new Firewall(configuration);
  const found = explain(firewall, from.end, to.end, traffic);
  const { pairs, parts } = found;
  const outside = beyondReasons(firewall, [from.end, to.end]);
  const verdict = outside.length > 0 ? 'unknown' : found.verdict;
  const reasons = [...found.reasons, ...outside];
  return {
    source: from.name,
    destination: to.name,
    verdict,
    summary:
      outside.length > 0
        ? `Unknown, since other rules apply too; by these alone: ${summaryOf(from.name, to.name, found.verdict, parts)}`
        : summaryOf(from.name, to.name, verdict, parts),
    reasons,
    firewall_enabled: configuration.firewall?.enable_firewall ?? null,
    pairs,
    parts: parts.slice(0, partsShown).map((part) => ({
      verdict: part.verdict,
      pairs: part.pairs,
      examples: part.examples.map((one) => `${one.source} → ${one.destination}`),
      allowed: [...part.allowed],
      blocked: [...part.blocked],
      unknown: [...part.unknown],
      source_side: sideOf(part.source_side),
      destination_side: sideOf(part.destination_side),
      changes: part.changes.map(({ sentence }) => sentence),
    })),
    parts_total: parts.length,
  };
});
