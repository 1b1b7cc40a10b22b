import type { Authorities } from '../authorities.js';
import { type Call, type Outcome, refuse, type Verdict } from '../call.js';
import { missingTicket, needs, people } from '../consent/obligations.js';
import type { Stage } from '../pipeline.js';
import { isDestructive, type Plan } from '../tool.js';
import { denial } from './permit.js';

type Planned = Call & { readonly plan: Plan };
type Asks = Pick<Authorities, 'rules' | 'seal' | 'approvals' | 'log'>;

/**
 * Lets a change through only with as much consent to this very plan as the rules ask for, and writes the
 * intent in the transaction that spends the consent. A dry run ends here. The surface decides how to ask;
 * having no way to ask is a no.
 */
export const confirm =
  ({ rules, seal, approvals, log }: Asks): Stage =>
  async (call, next) => {
    if (!isPlanned(call)) return next(call);
    const verdict = await rules.judge(call, 'after');
    const judged = { ...call, verdict: stricter(verdict, call.plan) };
    call.told?.(judged);
    if (!verdict.allowed) return refuse('rules', denial(verdict));

    if (call.declined) return refusedByPerson(call);
    const show = (why: string) => preview(seal, judged, why);
    if (call.dryRun) return show('Nothing was changed.');
    if (lacksFlag(judged)) return show('Nothing was changed: this destroys something.');

    const given = call.consent && (await seal.check(judged));
    if (given?.wrong !== undefined && (await log.isSpent(given.nonce))) return spent();
    if (given?.wrong !== undefined)
      return show(`Nothing was changed: the consent ${given.wrong}. This is the plan now.`);
    const noTicket = missingTicket(judged);
    if (noTicket) return noTicket;

    const need = people(judged);
    if (need) {
      const standing = await approvals.stand(judged, need);
      const open = stillOpen(judged, standing, need);
      if (open) return open;
      const agreed = { ...judged, approved: standing.approved };
      call.told?.(agreed);
      if (!(await log.intend(agreed, [standing.nonce, ...noncesOf(call, given)])))
        return tooLate(log, call);
      await approvals.settle(standing.id);
      return next(agreed);
    }
    if (needs(judged, 'human') && call.consent?.by !== 'human') return ask(seal, judged);
    if (needs(judged, 'seal') && !given) return show('Nothing was changed: this needs consent.');

    if (!(await log.intend(judged, noncesOf(call, given)))) return tooLate(log, call);
    return next(judged);
  };

const noncesOf = ({ once }: Call, given: { nonce: string } | undefined): string[] =>
  [once, given?.nonce].filter((nonce) => nonce !== undefined);

/** Somebody else was first: with this very change, or with the consent to it. */
const tooLate = async (log: Asks['log'], { once }: Call): Promise<Outcome> =>
  once !== undefined && (await log.isSpent(once)) ? doneByOther() : spent();

const doneByOther = (): Outcome =>
  refuse('consent', {
    code: 'CONFLICT',
    message: 'Somebody else is making this very change at this moment. Nothing was changed here.',
    remedy: 'Run `vmware-audit log --last 5` to see what they did.',
  });

const spent = (): Outcome =>
  refuse('consent', {
    code: 'CONSENT_SPENT',
    message:
      'This consent was used before, and a consent is good for one change. Nothing was changed.',
    remedy: 'Preview again with dry_run=true and agree to the new plan.',
  });

const refusedByPerson = (call: Planned): Outcome =>
  refuse('consent', {
    code: 'DECLINED',
    message: `${call.plan.summary}: the person who was asked said no. Nothing was changed.`,
    remedy: 'Do not repeat the call; ask the person what they want instead.',
  });

const isPlanned = (call: Call): call is Planned => call.plan !== undefined;

/** The verdict, with as much consent as the plan itself insists on. */
const stricter = (verdict: Verdict, { consent }: Plan): Verdict =>
  consent === undefined || verdict.consent === 'second_person' ? verdict : { ...verdict, consent };

const lacksFlag = (call: Planned): boolean =>
  isDestructive(call.tool, call.plan) &&
  needs(call, 'flag') &&
  !call.confirmed &&
  call.consent?.by !== 'human';

async function preview(seal: Authorities['seal'], call: Planned, why: string): Promise<Outcome> {
  const asks = call.surface === 'cli' && call.canAsk ? 'human' : 'caller';
  const { seal: consent, expires_at } = await seal.over(call, asks);
  return {
    status: 'preview',
    plan: shown(call.plan),
    consent,
    expires_at,
    hint: `${why} ${howToGoOn(call)}`,
  };
}

/** The inverse is for the log; whoever reads a plan is told whether there is one. */
function shown({ undo: _, ...plan }: Plan): Plan {
  return plan;
}

function howToGoOn(call: Planned): string {
  const flags = ['dry_run=false'];
  if (isDestructive(call.tool, call.plan) && needs(call, 'flag')) flags.push('confirmed=true');
  const again = `call again with the same input and ${flags.join(', ')}`;
  const need = people(call);
  if (need?.secondPerson)
    return `To do it, ${again}; ${need.people} other people must agree first.`;
  if (needs(call, 'human')) return `To do it, ${again}; a person will be asked.`;
  return `To do exactly this, ${again}${needs(call, 'seal') ? ', this consent' : ''}.`;
}

/** A person at the caller's own surface decides. */
async function ask(seal: Authorities['seal'], call: Planned): Promise<Outcome> {
  if (!call.canAsk)
    return refuse('consent', {
      code: 'NO_ONE_TO_ASK',
      message: `${call.plan.summary}: a person has to agree to this, and nobody can be asked here.`,
      remedy: 'Run the command in a terminal: see `vmware-audit rules explain`.',
      rule: call.verdict?.rule ?? '',
    });
  const { seal: consent, expires_at } = await seal.over(call, 'human');
  return { status: 'question', plan: shown(call.plan), consent, expires_at };
}

/** Why people's agreement is not there, while it is not. */
function stillOpen(
  { plan, verdict }: Planned,
  { id, expires_at, approved, rejected }: Awaited<ReturnType<Authorities['approvals']['stand']>>,
  { people: wanted, secondPerson }: NonNullable<ReturnType<typeof people>>,
): Outcome | undefined {
  if (rejected)
    return refuse('consent', {
      code: 'REJECTED',
      message: `${plan.summary}: ${rejected.user} rejected it${rejected.reason ? `: ${rejected.reason}` : ''}. Nothing was changed.`,
      remedy: `Do not repeat the call; talk to ${rejected.user}. The request ends at ${expires_at}.`,
      details: { request: id, rejected_by: rejected.user },
    });
  if (approved.length >= wanted) return undefined;
  const who = secondPerson
    ? `${wanted} ${wanted === 1 ? 'person' : 'people'} other than you`
    : 'a person';
  return refuse('consent', {
    code: 'AWAITING_APPROVAL',
    message: `${plan.summary}: ${who} must agree first, ${approved.length} of ${wanted} did. Nothing was changed.`,
    remedy: `Ask for \`vmware-audit approve ${id}\` before ${expires_at}, then make the same call again.`,
    rule: verdict?.rule ?? '',
    retryable: true,
    details: { request: id, needed: wanted, approved, expires_at },
  });
}
