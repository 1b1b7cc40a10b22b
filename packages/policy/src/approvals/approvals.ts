import { randomBytes } from 'node:crypto';
import type { Approvals, Standing } from '../authorities.js';
import type { Call } from '../call.js';
import type { Home } from '../home.js';
import { Refusal } from '../refusal.js';
import { anyGlob } from '../rules/match.js';
import type { RuleSet } from '../rules/rule-set.js';
import type { ApprovalSettings } from '../rules/settings.js';
import { nameOf } from './people.js';
import {
  type ApprovalRequest,
  isSameSubject,
  type Need,
  type Subject,
  subjectOf,
} from './request.js';
import { type Filed, type Spool, spoolAt } from './spool.js';

const minutesToApprove = 30;

interface ApprovalsOptions {
  readonly home: Home;
  readonly skill: string;
  readonly rules: () => Promise<RuleSet>;
  /** Whether a change was made with this nonce. */
  readonly isSpent: (nonce: string) => Promise<boolean>;
  readonly digest: (text: string) => string;
  readonly now?: () => number;
}

/**
 * Other people's agreement to one call and plan. A request is a file of the requester, an approval a file of the
 * approver; the kernel says whose each is. An approval is good for one change, until the request expires.
 */
export function openApprovals(options: ApprovalsOptions): Approvals {
  const { home, skill, rules, isSpent, digest, now = Date.now } = options;

  const requestFor = async (spool: Spool, subject: Subject, settings: ApprovalSettings) => {
    const me = process.getuid?.() ?? -1;
    for (const filed of spool.requests()) {
      const { value, uid } = filed;
      const isOpen = uid === me && isInTime(value, now()) && isSameSubject(value.subject, subject);
      if (isOpen && !(await isSpent(nonceOf(value.id)))) return filed;
    }
    return spool.file(fresh(subject, settings, now()));
  };

  return {
    async stand(call: Call, need: Need): Promise<Standing> {
      const { approvals: settings = {} } = await rules();
      const spool = spoolAt(settings.directory, home.approvals);
      if (need.secondPerson && !spool.isShared) throw nobodyElse(spool.dir);
      const filed = await requestFor(spool, subjectOf(skill, call, need, digest), settings);
      const decisions = decided(spool, filed, need, settings);
      const rejected = decisions.find(({ decision }) => decision === 'rejected');
      return {
        id: filed.value.id,
        nonce: nonceOf(filed.value.id),
        expires_at: filed.value.expires_at,
        approved: decisions
          .filter(({ decision }) => decision === 'approved')
          .map(({ user, at }) => ({ user, at })),
        ...(rejected ? { rejected: { user: rejected.user, reason: rejected.reason } } : {}),
      };
    },
    async settle(id) {
      const { approvals: settings = {} } = await rules();
      spoolAt(settings.directory, home.approvals).clear(id);
    },
  };
}

const nonceOf = (id: string): string => `approval:${id}`;

const isInTime = ({ requested_at, expires_at }: ApprovalRequest, now: number): boolean =>
  Date.parse(requested_at) <= now && now < Date.parse(expires_at);

function fresh(
  subject: Subject,
  { minutes = minutesToApprove }: ApprovalSettings,
  now: number,
): ApprovalRequest {
  return {
    v: 1,
    id: randomBytes(8).toString('hex'),
    requested_at: new Date(now).toISOString(),
    expires_at: new Date(now + minutes * 60_000).toISOString(),
    subject,
  };
}

/** Decisions that count: about these very bytes, by people who may. Root is whoever can become root, so nobody. */
function decided(
  spool: Spool,
  { value, sha, uid: requester }: Filed<ApprovalRequest>,
  { secondPerson }: Need,
  { from }: ApprovalSettings,
) {
  const may = from === undefined ? undefined : anyGlob(from);
  return spool
    .decisions(value.id)
    .filter((filed) => filed.value.request_sha === sha)
    .filter(({ uid }) => !secondPerson || uid !== requester)
    .map(({ uid, value: { decision, reason, at } }) => ({
      user: nameOf(uid),
      isRoot: uid === 0 && uid !== requester,
      isRequester: uid === requester,
      decision,
      reason: String(reason),
      at: String(at),
    }))
    .filter(({ user, isRoot, isRequester }) => (may ? isRequester || may(user) : !isRoot));
}

const nobodyElse = (dir: string) =>
  new Refusal(
    'APPROVALS_UNSAFE',
    `Another person has to agree to this, and nobody else can write in ${dir}.`,
    'Run `sudo install -d -m 1777 /var/lib/vmware-approvals`, or name a folder in approvals.directory of rules.yaml.',
  );
