import type { Call } from '../call.js';
import type { Used } from '../limits/budgets.js';
import type { Database, Statement } from './driver.js';
import { canonical } from './event.js';
import type { Store } from './store.js';

const used = `SELECT
  count(*) FILTER (WHERE phase IN ('read', 'preview', 'outcome')) AS calls,
  count(*) FILTER (WHERE phase = 'intent') AS changes,
  coalesce(sum(json_extract(body, '$.plan.total')) FILTER (WHERE phase = 'intent'), 0) AS objects,
  coalesce(sum(duration_us), 0) / 1e6 AS seconds
FROM event WHERE actor = ? AND ts >= ?`;

const intents =
  "SELECT tool, count(*) AS n FROM event WHERE actor = ? AND ts >= ? AND phase = 'intent' GROUP BY tool";

const repeats = `SELECT count(*) AS n FROM event WHERE actor = ? AND ts >= ?
  AND tool = ? AND target = ? AND args_sha = ? AND phase IN ('read', 'preview', 'outcome')`;

const compiled = new WeakMap<Database, Map<string, Statement>>();

/** Every call asks: compiled once for each open database. */
function statement(rows: Database, sql: string): Statement {
  const known = compiled.get(rows) ?? new Map<string, Statement>();
  compiled.set(rows, known);
  const found = known.get(sql) ?? rows.prepare(sql);
  known.set(sql, found);
  return found;
}

/**
 * What the log says of a user's calls since an instant, in every process and archive. What was refused does not
 * count: whoever is refused uses up nothing. Throws AUDIT_UNAVAILABLE.
 */
export const usageIn = (store: Store, digest: (text: string) => string) => ({
  /** How many changes were intended, of the tools that count. */
  intents: (user: string, counts: (tool: string) => boolean, since: Date): number =>
    store
      .since(since, (rows, from) => statement(rows, intents).all(user, from) as Counted[])
      .flat()
      .reduce((sum, { tool, n }) => sum + (counts(tool) ? n : 0), 0),
  used: (user: string, since: Date): Used =>
    store
      .since(since, (rows, from) => statement(rows, used).get(user, from) as Used)
      .reduce((sum, part) => ({
        calls: sum.calls + part.calls,
        changes: sum.changes + part.changes,
        objects: sum.objects + part.objects,
        seconds: sum.seconds + part.seconds,
      })),
  /** How often this very call was answered: same tool, target and input. */
  repeats({ tool, target, input }: Call, user: string, since: Date): number {
    const same = [tool.name, target.name, digest(canonical(input))];
    const count = (rows: Database, from: string) =>
      (statement(rows, repeats).get(user, from, ...same) as { n: number }).n;
    return store.since(since, count).reduce((sum, n) => sum + n, 0);
  },
});

interface Counted {
  readonly tool: string;
  readonly n: number;
}
