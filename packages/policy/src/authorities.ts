import type { Call, Caller, Outcome, Verdict } from './call.js';

/** The audit log as the stages see it. Every method throws AUDIT_UNAVAILABLE when it cannot keep its word. */
export interface AuditLog {
  /** Makes sure a row could be written now, before anything is asked of the target. */
  ready(): Promise<void>;
  /** The intent of a change, durable when this resolves; spends `nonce` in the same transaction. False: already spent. */
  intend(call: Call, nonce: string | undefined): Promise<boolean>;
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

export interface Authorities {
  whoami(call: Call): Caller;
  log: AuditLog;
  roles: Roles;
  rules: Rules;
  limits: Limits;
  seal: Seal;
}
