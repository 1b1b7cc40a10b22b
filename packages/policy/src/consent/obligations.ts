import type { Need } from '../approvals/request.js';
import { type Call, type ConsentLevel, consentLevels, type Outcome, refuse } from '../call.js';
import { glob } from '../rules/match.js';

/** Whether a call needs at least this much consent. Without a verdict it needs all there is. */
export const needs = ({ verdict }: Call, level: ConsentLevel): boolean =>
  consentLevels.indexOf(verdict?.consent ?? 'second_person') >= consentLevels.indexOf(level);

/**
 * The people who must agree with `vmware-audit approve`: others, where the rules ask for them; anybody, where a
 * person must agree and the caller's surface cannot ask one. What acts on our own records is agreed to where it is run.
 */
export function people(call: Call): Need | undefined {
  const wanted = Math.max(call.verdict?.approvals ?? 0, needs(call, 'second_person') ? 1 : 0);
  if (wanted > 0) return { people: wanted, secondPerson: true };
  const isAsked = call.canAsk || call.consent?.by === 'human' || call.tool.local;
  return needs(call, 'human') && !isAsked ? { people: 1, secondPerson: false } : undefined;
}

/** Refuses a change whose ticket is missing, or is not one that the rules ask for. */
export function missingTicket({ verdict, ticket, plan }: Call): Outcome | undefined {
  const wanted = verdict?.tickets ?? [];
  const unmet = wanted.find((pattern) => !ticket || !glob(pattern)(ticket.normalize('NFC')));
  if (unmet === undefined) return undefined;
  const like = unmet === '*' ? 'a ticket' : `a ticket like ${unmet}`;
  return refuse('consent', {
    code: 'NO_TICKET',
    message: `${plan?.summary ?? 'This change'}: the rules ask for ${like}${ticket ? `, and ${ticket} is none` : ''}. Nothing was changed.`,
    remedy: 'Call again with the ticket: input `ticket`, or --ticket at a terminal.',
    rule: verdict?.rule ?? '',
    details: { tickets: wanted },
  });
}
