import type { Approval, Call, Caller, Outcome, Verdict } from './call.js';

/** The audit log as the stages see it. Every method throws AUDIT_UNAVAILABLE when it cannot keep its word. */
export interface AuditLog {
  /** Makes sure a row could be written now, before anything is asked of the target. */
  ready(): Promise<void>;
  /** The intent of a change, durable when this resolves; spends `nonces` in the same transaction. False: one was spent. */
  intend(call: Call, nonces: readonly string[]): Promise<boolean>;
  /** Whether a consent with this nonce was used for a change before. */
  isSpent(nonce: string): Promise<boolean>;
  /** The one row that ends an attempt. */
  conclude(call: Call, outcome: Outcome, milliseconds: number): Promise<void>;
}

export interface Roles {
  allow(call: Call): Promise<Verdict>;
}

export interface Rules {
  /** `before` a plan exists, rules about its size are set aside; `after`, everything is judged. */
  judge(call: Call, when: 'before' | 'after'): Promise<Verdict>;
}

export interface Limits {
  /** Takes a place for this caller and target, or says why not. `release` gives it back. */
  take(call: Call): Verdict & { release?: () => void };
}

export interface Seal {
  /** A seal over this call and its plan, to be shown with the plan. */
  over(call: Call, asks: 'caller' | 'human'): Promise<{ seal: string; expires_at: string }>;
  /** The nonce of the call's seal, and why the seal is not good for exactly this call and plan if it is not. */
  check(call: Call): Promise<{ nonce: string; wrong?: string }>;
}

/** How far a request for people's agreement has come. */
export interface Standing {
  readonly id: string;
  /** Spent with the change, so that an approval is good for one. */
  readonly nonce: string;
  readonly expires_at: string;
  readonly approved: readonly Approval[];
  readonly rejected?: { readonly user: string; readonly reason: string };
}

export interface Approvals {
  /** Where the request for agreement to exactly this call and plan stands; files one when there is none. */
  stand(call: Call, need: { people: number; secondPerson: boolean }): Promise<Standing>;
  /** The change was made: the request is over. */
  settle(id: string): Promise<void>;
}

export interface Authorities {
  whoami(call: Call): Caller;
  log: AuditLog;
  roles: Roles;
  rules: Rules;
  limits: Limits;
  seal: Seal;
  approvals: Approvals;
}
