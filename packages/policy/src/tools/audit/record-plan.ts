import type { Home } from '../../home.js';
import type { Plan } from '../../tool.js';

/** The plan of a change to our own records. Nothing takes such a change back. */
export const recordPlan = (
  { auditDb }: Home,
  summary: string,
  changes: readonly string[],
  {
    objects,
    blockers = [],
  }: Partial<Pick<Plan, 'blockers'>> & {
    readonly objects?: Plan['blast_radius']['objects'];
  } = {},
): Plan => ({
  summary,
  changes,
  requests: [`write ${auditDb}`],
  blast_radius: {
    total: objects?.length ?? 1,
    objects: objects ?? [{ type: 'audit log', id: auditDb, name: 'audit.db' }],
    reversible: false,
  },
  blockers,
  unmeasured: [],
});
