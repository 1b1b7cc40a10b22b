import type { Outcome } from '../../call.js';

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

const byCode: Readonly<Record<string, number>> = {
  USAGE: exitCodes.usage,
  INVALID_INPUT: exitCodes.usage,
  CONFIG_INVALID: exitCodes.usage,
  NO_TARGETS: exitCodes.usage,
  NEEDS_YES: exitCodes.usage,
  NOT_FOUND: exitCodes.notFound,
  UNKNOWN_TARGET: exitCodes.notFound,
  UNKNOWN_TOOL: exitCodes.notFound,
  AUTH_FAILED: exitCodes.auth,
  LOGIN_REFUSED: exitCodes.auth,
  LOGIN_PAUSED: exitCodes.auth,
  NO_PASSWORD: exitCodes.auth,
  ENV_FILE_EXPOSED: exitCodes.auth,
  NO_PERMISSION: exitCodes.denied,
  DECLINED: exitCodes.denied,
  AMBIGUOUS: exitCodes.blocked,
  BLOCKED: exitCodes.blocked,
  UNMEASURED: exitCodes.blocked,
  CONFLICT: exitCodes.blocked,
  INVALID_POWER_STATE: exitCodes.blocked,
  INVALID_STATE: exitCodes.blocked,
  BUSY: exitCodes.blocked,
  DUPLICATE_NAME: exitCodes.blocked,
  TOOLS_UNAVAILABLE: exitCodes.blocked,
  NOT_PLANNED: exitCodes.blocked,
  TARGET_EXISTS: exitCodes.blocked,
  RULES_FAULTY: exitCodes.integrity,
  RULES_UNAVAILABLE: exitCodes.integrity,
  TIMEOUT: exitCodes.timeout,
  UNREACHABLE: exitCodes.unreachable,
  CONNECTION_LOST: exitCodes.unreachable,
  TLS_UNTRUSTED: exitCodes.unreachable,
  TLS_HOSTNAME: exitCodes.unreachable,
  TLS_DISABLED_GLOBALLY: exitCodes.unreachable,
  HOST_UNAVAILABLE: exitCodes.unreachable,
  AUDIT_UNAVAILABLE: exitCodes.integrity,
  NO_SQLITE_DRIVER: exitCodes.integrity,
  SQLITE_TOO_OLD: exitCodes.integrity,
  AUDIT_UNREADABLE: exitCodes.integrity,
  TAMPERED: exitCodes.integrity,
  CANCELLED: exitCodes.interrupted,
};

export const exitCodeFor = (
  code: string | undefined,
  otherwise: number = exitCodes.failure,
): number => (code === undefined ? undefined : byCode[code]) ?? otherwise;

/** What a program ends with after this outcome. */
export function exitCodeOf(outcome: Outcome): number {
  switch (outcome.status) {
    case 'done':
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
