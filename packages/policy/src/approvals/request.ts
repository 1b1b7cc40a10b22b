import { canonical } from '../audit/event.js';
import type { Call } from '../call.js';
import { cleanDeep } from '../sanitize/mark.js';
import { redact, redactDeep } from '../sanitize/redact.js';

/** What a person is asked to agree to, in clear: the whole of it is compared when the change is made. */
export interface Subject {
  readonly skill: string;
  readonly tool: string;
  readonly risk: string;
  readonly target: string;
  readonly environment: string;
  readonly requester: string;
  readonly agent: string;
  readonly ticket: string | null;
  /** Redacted; `input_sha` tells inputs apart that look alike here. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly input_sha: string;
  readonly plan: {
    readonly summary: string;
    readonly changes: readonly string[];
    readonly requests: readonly string[];
    readonly total: number;
    readonly reversible: boolean;
  };
  /** Digest of the rules that asked for it. */
  readonly rules: string;
  readonly people: number;
  /** Whether the requester may be one of them. */
  readonly second_person: boolean;
}

/** A file of the spool, written by the requester: `<id>.request.json`. */
export interface ApprovalRequest {
  readonly v: 1;
  readonly id: string;
  readonly requested_at: string;
  readonly expires_at: string;
  readonly subject: Subject;
}

/** A file of the spool, written by whoever decides: `<id>.by-<uid>.json`. Its owner is the proof of who that was. */
export interface Decision {
  readonly v: 1;
  readonly id: string;
  readonly decision: 'approved' | 'rejected';
  /** SHA-256 of the request's bytes as they were shown. */
  readonly request_sha: string;
  readonly reason: string;
  readonly at: string;
}

/** How many people must agree, and whether the requester may be one of them. */
export interface Need {
  readonly people: number;
  readonly secondPerson: boolean;
}

export function subjectOf(
  skill: string,
  call: Call,
  need: Need,
  digest: (text: string) => string,
): Subject {
  const { caller, plan, verdict, tool, target } = call;
  if (!plan) throw new TypeError(`${tool.name} has no plan that could be agreed to`);
  return cleanDeep({
    skill,
    tool: tool.name,
    risk: tool.risk,
    target: target.name,
    environment: target.environment,
    requester: caller?.user ?? '',
    agent: caller?.agent ?? '',
    ticket: call.ticket ?? null,
    input: redact(call.input, tool.input),
    input_sha: digest(canonical(call.input)),
    plan: redactDeep({
      summary: plan.summary,
      changes: plan.changes,
      requests: plan.requests,
      total: plan.blast_radius.total,
      reversible: plan.blast_radius.reversible,
    }),
    rules: verdict?.rules ?? '',
    people: need.people,
    second_person: need.secondPerson,
  }) as Subject;
}

export const isSameSubject = (one: Subject, other: Subject): boolean =>
  canonical(one) === canonical(other);
