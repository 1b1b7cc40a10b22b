import type { Level, Plan, Tool } from './tool.js';

/** Who is asking. `user` is the OS user on stdio and at a terminal. */
export interface Caller {
  readonly user: string;
  /** The MCP client's declared name and version, or `cli`. A claim, not a proof. */
  readonly agent: string;
  readonly session: string;
  readonly groups: readonly string[];
  readonly surface: 'mcp' | 'cli' | 'resource';
}

/** One configured endpoint. Rules match the environment label, never the name. */
export interface Target {
  readonly name: string;
  readonly environment: string;
}

export interface Progress {
  readonly done: number;
  readonly total?: number;
  readonly message?: string;
}

/** Proof that somebody saw a plan and agreed to it. */
export interface Consent {
  readonly seal: string;
  /** `caller` handed back a preview's seal; `human` answered a question that showed the plan. */
  readonly by: 'caller' | 'human';
}

/** A person's agreement, given with `vmware-audit approve`. `user` is whom the system says they are. */
export interface Approval {
  readonly user: string;
  readonly at: string;
}

/** How much consent a change needs, least first. */
export const consentLevels = ['none', 'flag', 'seal', 'human', 'second_person'] as const;
export type ConsentLevel = (typeof consentLevels)[number];

/** What permission and rules said. `where` is `rules.yaml:12:5` when a rule of a file decided. */
export interface Verdict {
  readonly allowed: boolean;
  readonly rule: string;
  readonly where?: string;
  readonly reason: string;
  readonly remedy: string;
  readonly code?: string;
  readonly consent?: ConsentLevel;
  /** People other than the requester who must agree. */
  readonly approvals?: number;
  /** Globs that the ticket of a change must match. */
  readonly tickets?: readonly string[];
  /** Digest of the rules that decided. */
  readonly rules?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** One attempt to use one tool. Stages never change it; they pass on a fuller copy. */
export interface Call {
  /** Operation id, the same in every audit row of this attempt. */
  readonly id: string;
  /** The program a remedy may name: `vmware-vsphere`. */
  readonly program: string;
  readonly tool: Tool;
  readonly group: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly target: Target;
  /** Why the request makes no sense, when it does not: bad input, unknown target. */
  readonly problem?: Problem;
  readonly connect: () => Promise<unknown>;
  readonly surface: Caller['surface'];
  readonly caller?: Caller;
  readonly dryRun: boolean;
  readonly confirmed: boolean;
  readonly consent?: Consent;
  /** The ticket this change belongs to. A claim: it is recorded, and looked up nowhere. */
  readonly ticket?: string;
  /** Whoever agreed by `vmware-audit approve`. */
  readonly approved?: readonly Approval[];
  /** Whether this surface can put a question to a person. */
  readonly canAsk: boolean;
  /** The person who was asked said no. */
  readonly declined: boolean;
  readonly verdict?: Verdict;
  readonly plan?: Plan;
  /** Milliseconds the caller is willing to wait, when that is less than the tool's own deadline. */
  readonly timeout?: number;
  /** A person watches the answer of a read being repeated: no runaway. */
  readonly watched?: boolean;
  /** The operation that this call takes back. */
  readonly undoes?: string;
  /** A nonce of the change itself, whoever asks for it: it is spent with the intent. */
  readonly once?: string;
  readonly signal: AbortSignal;
  readonly progress: (step: Progress) => void;
  /** Tells the audit stage what the inner stages have found out so far: verdict, plan. */
  readonly told?: (call: Call) => void;
}

/** Something to be read: what is wrong, and the command that mends it. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly retryable?: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
}

export type Outcome =
  | { readonly status: 'done'; readonly output: Readonly<Record<string, unknown>> }
  | {
      /** The plan, and nothing changed. `consent` is absent when blockers refuse it. */
      readonly status: 'preview';
      readonly plan: Plan;
      readonly consent?: string;
      readonly expires_at?: string;
      readonly hint: string;
    }
  /** A person has to be asked; only a surface that can ask gets this. */
  | {
      readonly status: 'question';
      readonly plan: Plan;
      readonly consent: string;
      readonly expires_at: string;
    }
  | ({
      readonly status: 'refused';
      readonly by: string;
      readonly rule?: string;
      readonly where?: string;
    } & Problem)
  | ({ readonly status: 'failed' } & Problem)
  /** The change was sent and its answer was lost. It may have happened. */
  | ({ readonly status: 'unknown' } & Problem);

export const refuse = (by: string, why: Problem & { rule?: string; where?: string }): Outcome => ({
  status: 'refused',
  by,
  ...why,
});

/** Level order: does `have` include `need`? */
export const includesLevel = (
  levels: readonly Level[],
  have: Level | undefined,
  need: Level,
): boolean => have !== undefined && levels.indexOf(have) >= levels.indexOf(need);
