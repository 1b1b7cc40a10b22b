import type { Authorities } from '../authorities.js';
import { type Call, consentLevels, type Outcome, refuse, type Verdict } from '../call.js';
import type { Stage } from '../pipeline.js';
import { isDestructive, type Plan } from '../tool.js';
import { denial } from './permit.js';

type Planned = Call & { readonly plan: Plan };

/**
 * Lets a change through only with as much consent to this very plan as the rules ask for, and writes the
 * intent in the transaction that spends the consent. A dry run ends here. The surface decides how to ask;
 * having no way to ask is a no.
 */
export const confirm =
  ({ rules, seal, log }: Pick<Authorities, 'rules' | 'seal' | 'log'>): Stage =>
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
    if (needs(judged, 'human') && call.consent?.by !== 'human') return ask(seal, judged);
    if (needs(judged, 'seal') && !given) return show('Nothing was changed: this needs consent.');

    if (!(await log.intend(judged, given?.nonce))) return spent();
    return next(judged);
  };

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
const stricter = (verdict: Verdict, plan: Plan): Verdict =>
  plan.consent === 'human' && verdict.consent !== 'second_person'
    ? { ...verdict, consent: 'human' }
    : verdict;

const needs = (call: Call, level: (typeof consentLevels)[number]): boolean =>
  consentLevels.indexOf(call.verdict?.consent ?? 'second_person') >= consentLevels.indexOf(level);

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
    plan: call.plan,
    consent,
    expires_at,
    hint: `${why} ${howToGoOn(call)}`,
  };
}

function howToGoOn(call: Planned): string {
  if (needs(call, 'human'))
    return 'To do it, call again with dry_run=false; a person will be asked.';
  const flags = ['dry_run=false'];
  if (isDestructive(call.tool, call.plan) && needs(call, 'flag')) flags.push('confirmed=true');
  if (needs(call, 'seal')) flags.push('this consent');
  return `To do exactly this, call again with the same input and ${flags.join(', ')}.`;
}

/** A person decides. Without a way to reach one the answer is no. */
async function ask(seal: Authorities['seal'], call: Planned): Promise<Outcome> {
  if (!call.canAsk)
    return refuse('consent', {
      code: 'NO_ONE_TO_ASK',
      message: `${call.plan.summary}: a person has to agree to this, and this client cannot ask one.`,
      remedy:
        'Use a client with elicitation, or run the command in a terminal: see `vmware-audit rules explain`.',
      rule: call.verdict?.rule ?? '',
    });
  const { seal: consent, expires_at } = await seal.over(call, 'human');
  return { status: 'question', plan: call.plan, consent, expires_at };
}
