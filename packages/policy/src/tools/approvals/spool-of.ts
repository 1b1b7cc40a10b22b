import { nameOf } from '../../approvals/people.js';
import type { ApprovalRequest, Decision } from '../../approvals/request.js';
import { type Filed, type Spool, spoolAt } from '../../approvals/spool.js';
import type { Home } from '../../home.js';
import { Refusal } from '../../refusal.js';
import type { Plan } from '../../tool.js';
import { rulesText } from '../rules/rules-file.js';

/** The folder that this user's rules name, the machine's, or this user's own. */
export async function spoolOf(home: Home): Promise<Spool> {
  const { approvals } = await (await rulesText(home, undefined)).set();
  return spoolAt(approvals?.directory, home.approvals);
}

/** A request that still stands. Throws NOT_FOUND. */
export function standing(spool: Spool, id: string, now = Date.now()): Filed<ApprovalRequest> {
  const found = spool.request(id);
  if (found && Date.parse(found.value.expires_at) > now) return found;
  throw new Refusal(
    'NOT_FOUND',
    found
      ? `The request ${id} expired at ${found.value.expires_at}.`
      : `No request in ${spool.dir} is called ${id}.`,
    'Run `vmware-audit pending` to see the requests that stand.',
  );
}

/** What deciding about a request means, said with the requester's own plan. */
export function planToDecide(
  spool: Spool,
  filed: Filed<ApprovalRequest>,
  decision: Decision['decision'],
): Plan {
  const { id, subject, expires_at } = filed.value;
  const requester = nameOf(filed.uid);
  const isMine = filed.uid === process.getuid?.();
  const verb = decision === 'approved' ? 'Approve' : 'Reject';
  const own =
    isMine && subject.second_person && decision === 'approved'
      ? ['You asked for this yourself, and somebody else has to agree.']
      : [];
  const decided = spool.decisions(id).some(({ uid }) => uid === process.getuid?.());
  return {
    summary: `${verb}: ${subject.plan.summary}`,
    changes: [
      `asked by ${requester} with ${subject.agent}, on ${subject.target || 'no target'}${subject.environment ? ` (${subject.environment})` : ''}, until ${expires_at}`,
      ...(subject.ticket ? [`ticket ${subject.ticket}`] : []),
      ...subject.plan.changes,
      ...subject.plan.requests.map((request) => `will send: ${request}`),
      ...(subject.plan.reversible ? [] : ['it cannot be undone']),
    ],
    requests: [`write ${id}.by-${process.getuid?.() ?? 0}.json in ${spool.dir}`],
    blast_radius: {
      total: subject.plan.total,
      objects: [{ type: 'approval request', id, name: id }],
      reversible: true,
    },
    blockers: [...own, ...(decided ? ['You decided about this request already.'] : [])],
    unmeasured: [],
    consent: 'human',
  };
}

/** Writes the decision about a request as it stands now. */
export function decide(
  spool: Spool,
  id: string,
  decision: Decision['decision'],
  reason: string,
): { id: string; decision: string; file: string } {
  const { sha } = standing(spool, id);
  const at = new Date().toISOString();
  return { id, decision, file: spool.decide({ v: 1, id, decision, request_sha: sha, reason, at }) };
}
