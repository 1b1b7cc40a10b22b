import type { Outcome } from '../../call.js';
import type { SurfaceTool } from '../surface.js';

/** Exit codes are part of the interface: scripts branch on them. The same in every program. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  notFound: 3,
  auth: 4,
  denied: 5,
  blocked: 6,
  timeout: 7,
  unreachable: 8,
  integrity: 9,
  interrupted: 130,
} as const;

/** Which exit code each error code has. A test fails for a code in the sources that is not here. */
export const errorCodes: Readonly<
  Record<Exclude<keyof typeof exitCodes, 'ok'>, readonly string[]>
> = {
  failure: [
    'API_NOT_SERVED',
    'CLUSTER_FAILED',
    'EXPIRED',
    'FAILED',
    'FILE_FAULT',
    'INSUFFICIENT_RESOURCES',
    'INTERNAL',
    'KUBECONFIG_INVALID',
    'NOT_SUPPORTED',
    'NO_DISK_SPACE',
    'RULES_TESTS_FAILED',
    'SNAPSHOT_FAILED',
    'UPSTREAM',
    'WORKLOAD_MANAGEMENT_OFF',
  ],
  usage: [
    'CONFIG_INVALID',
    'CONFIG_UNREADABLE',
    'INVALID_ARGUMENT',
    'INVALID_INPUT',
    'INVALID_NAME',
    'INVALID_TEXT',
    'NEEDS_YES',
    'NO_TARGETS',
    'USAGE',
  ],
  notFound: ['NOT_FOUND', 'NOT_INSTALLED', 'UNKNOWN_TARGET', 'UNKNOWN_TOOL'],
  auth: [
    'AUTH_FAILED',
    'CA_FILE_UNREADABLE',
    'CLIENT_CERT_UNREADABLE',
    'CLIENT_KEY_UNREADABLE',
    'ENV_FILE_EXPOSED',
    'LOGIN_PAUSED',
    'NO_CREDENTIAL',
    'NO_PASSWORD',
    'PASSWORD_FILE_UNREADABLE',
    'PASSWORD_HELPER_FAILED',
    'VAULT_FAILED',
  ],
  denied: [
    'ADMISSION_DENIED',
    'AWAITING_APPROVAL',
    'BUDGET_SPENT',
    'CONSENT_SPENT',
    'DECLINED',
    'DENIED',
    'DENIED_BY_RULE',
    'NOT_LICENSED',
    'NO_ONE_TO_ASK',
    'NO_PERMISSION',
    'NO_TICKET',
    'PERMISSION_DENIED',
    'REJECTED',
    'RUNAWAY',
    'THROTTLED',
  ],
  blocked: [
    'ALREADY_EXISTS',
    'AMBIGUOUS',
    'BLOCKED',
    'BUSY',
    'CONFLICT',
    'DUPLICATE_NAME',
    'INVALID_POWER_STATE',
    'INVALID_STATE',
    'METHOD_DISABLED',
    'NOT_PLANNED',
    'NOT_PROVISIONED',
    'NOT_UNDOABLE',
    'QUESTION_PENDING',
    'QUOTA_EXCEEDED',
    'SUPERVISOR_NOT_READY',
    'TARGET_EXISTS',
    'TOOLS_UNAVAILABLE',
    'UNMEASURED',
  ],
  timeout: ['TASK_UNKNOWN', 'TIMEOUT', 'UNKNOWN_OUTCOME'],
  unreachable: [
    'CA_INVALID',
    'CONNECTION_CLOSED',
    'CONNECTION_LOST',
    'HOST_UNAVAILABLE',
    'SESSION_LOST',
    'TLS_DISABLED_GLOBALLY',
    'TLS_HOSTNAME',
    'TLS_UNTRUSTED',
    'UNREACHABLE',
  ],
  integrity: [
    'APPROVALS_UNSAFE',
    'AUDIT_UNAVAILABLE',
    'AUDIT_UNREADABLE',
    'HOME_NOT_OURS',
    'NO_SQLITE_DRIVER',
    'RULES_FAULTY',
    'RULES_UNAVAILABLE',
    'SEAL_KEY_BROKEN',
    'SQLITE_TOO_OLD',
  ],
  interrupted: ['CANCELLED'],
};

const codesOf: Readonly<Record<string, readonly string[]>> = errorCodes;
const byCode: ReadonlyMap<string, number> = new Map(
  Object.entries(exitCodes).flatMap(([kind, exit]) =>
    (codesOf[kind] ?? []).map((code) => [code, exit] as const),
  ),
);

export const exitCodeFor = (
  code: string | undefined,
  otherwise: number = exitCodes.failure,
): number => byCode.get(code ?? '') ?? otherwise;

/** What a program ends with after this outcome. */
export function exitCodeOf(outcome: Outcome, exits?: SurfaceTool['exits']): number {
  switch (outcome.status) {
    case 'done':
      return exits?.codes[String(outcome.output[exits.field])] ?? exitCodes.ok;
    case 'preview':
      return exitCodes.ok;
    case 'question':
      return exitCodes.denied;
    case 'refused':
      return exitCodeFor(outcome.code, exitCodes.denied);
    case 'unknown':
      return exitCodes.timeout;
    default:
      return exitCodeFor(outcome.code);
  }
}
