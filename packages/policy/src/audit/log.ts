import type { AuditLog } from '../authorities.js';
import type { Call, Outcome } from '../call.js';
import { credentialNames } from '../sanitize/long.js';
import { redact, redactDeep } from '../sanitize/redact.js';
import { isChange } from '../toolset.js';
import { uuidv7 } from '../uuid.js';
import { canonical, type Draft, type Phase, sha256Hex } from './event.js';
import { fitToKeep, undoOf } from './fit-to-keep.js';
import type { Store } from './store.js';

const statuses = {
  done: 'ok',
  preview: 'preview',
  question: 'asked',
  refused: 'denied',
  failed: 'failed',
  unknown: 'unknown',
} as const;

/**
 * Turns calls into rows. Nothing that a card marks as secret, or that looks like one, gets into a row. `digest`
 * is keyed: equal arguments show as equal, and a weak secret cannot be guessed from it.
 */
export function openLog(
  store: Store,
  skill: string,
  env: NodeJS.ProcessEnv,
  digest: (text: string) => string,
): AuditLog {
  const intended = new Set<string>();
  return {
    ready: () => store.ready(),
    async intend(call, nonces) {
      const body = {
        args: argsOf(call),
        plan: call.plan && planOf(call.plan),
        consent: {
          needed: call.verdict?.consent,
          by: call.consent?.by ?? 'flag',
          approved: call.approved,
        },
        ticket: call.ticket,
        undo: call.plan?.undo && undoOf(call.plan.undo),
        undoes: call.undoes,
        claims: claims(env),
      };
      const written = await store.append(
        draft(skill, digest, call, 'intent', 'pending', 0, body),
        nonces,
      );
      if (written) intended.add(call.id);
      return written;
    },
    isSpent: async (nonce) => store.isSpent(nonce),
    async conclude(call, outcome, milliseconds) {
      const wasIntended = intended.delete(call.id);
      const phase = phaseOf(call, outcome, wasIntended);
      const body = {
        args: wasIntended ? undefined : argsOf(call),
        ...told(outcome, call),
      };
      await store.append(
        draft(
          skill,
          digest,
          call,
          phase,
          statuses[outcome.status],
          Math.round(milliseconds * 1000),
          body,
        ),
      );
    },
  };
}

const aboutLogin: ReadonlySet<string> = new Set(['AUTH_FAILED', 'LOGIN_PAUSED', 'NO_PASSWORD']);

/** The row that says which rules decide from here on. */
export const rulesLoaded = (skill: string, user: string, digest: string): Draft => ({
  op_id: uuidv7(),
  phase: 'policy',
  skill,
  tool: 'rules.yaml',
  target: '',
  environment: '',
  actor: user,
  agent: '',
  session: '',
  risk: '',
  decision: '',
  rule: '',
  rules_sha: digest,
  args_sha: '',
  status: 'loaded',
  duration_us: 0,
  body: { digest },
});

function phaseOf(call: Call, outcome: Outcome, wasIntended: boolean): Phase {
  if (wasIntended) return 'outcome';
  if ('code' in outcome && aboutLogin.has(outcome.code)) return 'auth';
  if (outcome.status === 'refused') return 'denied';
  return isChange(call.tool) ? 'preview' : 'read';
}

function draft(
  skill: string,
  digest: (text: string) => string,
  call: Call,
  phase: Phase,
  status: string,
  duration_us: number,
  body: Draft['body'],
): Draft {
  const { caller, verdict, tool, target } = call;
  return {
    op_id: call.id,
    phase,
    skill,
    tool: tool.name,
    target: target.name,
    environment: target.environment,
    actor: caller?.user ?? '',
    agent: caller?.agent ?? '',
    session: caller?.session ?? '',
    risk: tool.risk,
    decision: verdict === undefined ? '' : verdict.allowed ? 'allow' : 'deny',
    rule: verdict?.rule ?? '',
    rules_sha: verdict?.rules ?? '',
    args_sha: digest(canonical(call.input)),
    status,
    duration_us,
    body: fitToKeep(body) as Draft['body'],
  };
}

const argsOf = (call: Call) => redact(call.input, call.tool.input);

const planOf = ({ summary, changes, requests, blast_radius }: NonNullable<Call['plan']>) => ({
  summary,
  changes: changes.slice(0, 50),
  requests: requests.slice(0, 50),
  total: blast_radius.total,
});

/** What an outcome says in a row: counts for a list, else the redacted output as far as 2 KB go. */
function told(outcome: Outcome, { tool, plan }: Call): Record<string, unknown> {
  switch (outcome.status) {
    case 'done': {
      const handed = handedOver(outcome.output, credentialNames(tool));
      if (handed.length > 0) return { handed_over: handed };
      const { items, returned, total, truncated } = outcome.output;
      if (Array.isArray(items)) return { result: { returned, total, truncated } };
      const result = redactDeep(outcome.output);
      const text = canonical(result);
      return text.length <= 2048
        ? { result }
        : { result: { bytes: text.length, sha256: sha256Hex(text) } };
    }
    case 'preview':
    case 'question':
      return {
        plan: planOf(outcome.plan),
        blockers: outcome.plan.blockers,
        unmeasured: outcome.plan.unmeasured,
      };
    default: {
      const { code, message, remedy, details } = outcome;
      const by = outcome.status === 'refused' ? { by: outcome.by, where: outcome.where } : {};
      // How much it would have touched is what a rule may have hung on.
      const size =
        plan && outcome.status === 'refused' ? { plan: { total: plan.blast_radius.total } } : {};
      return { error: { code, message, remedy, details }, ...by, ...size };
    }
  }
}

/** Credentials that were in an answer: enough to recognise one, nothing to use. */
const handedOver = (output: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  names.flatMap((field) => {
    const value = output[field];
    return typeof value === 'string' && value !== ''
      ? [{ field, bytes: Buffer.byteLength(value), sha256: sha256Hex(value) }]
      : [];
  });

/** What the environment claims. Recorded, and approves nothing. */
function claims(env: NodeJS.ProcessEnv): Record<string, string> | undefined {
  const approved_by = env['VMWARE_AUDIT_APPROVED_BY'];
  const rationale = env['VMWARE_AUDIT_RATIONALE'];
  if (!approved_by && !rationale) return undefined;
  return { ...(approved_by ? { approved_by } : {}), ...(rationale ? { rationale } : {}) };
}
