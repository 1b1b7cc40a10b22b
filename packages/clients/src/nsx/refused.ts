import { ApiError } from '../http/errors.js';
import type { Response } from '../http/transport.js';

/** What NSX says of a request it did not accept. */
export interface Said {
  readonly message: string;
  readonly code: number | undefined;
  readonly module: string | undefined;
  readonly related: readonly string[];
  /** Whether the body is NSX's own, and not that of something in between. */
  readonly own: boolean;
}

/** Error codes that mean: the object was changed since it was read. */
const staleCodes = new Set([500087, 500232, 100148, 500090]);
const inUse = 500030;

interface Meaning {
  readonly code: string;
  readonly remedy: string;
  readonly retryable?: boolean;
}

const later = 'Try again later, and check proxies between here and the manager.';
const meanings: Readonly<Record<number, Meaning>> = {
  400: { code: 'INVALID_ARGUMENT', remedy: 'Correct what the message names.' },
  403: {
    code: 'NO_PERMISSION',
    remedy:
      'Ask an NSX administrator for a role that may do this: auditor reads, security_engineer changes the firewall.',
  },
  404: { code: 'NOT_FOUND', remedy: 'List the objects again, and check nsx_scope.' },
  429: { code: 'BUSY', remedy: later, retryable: true },
  503: { code: 'BUSY', remedy: later, retryable: true },
};

/**
 * A request that was not answered with success, with NSX's own message and code. `change`: whether it could
 * have changed anything; then an answer that is not NSX's own leaves open what happened.
 */
export function refused(what: string, response: Response, text: string, change: boolean): ApiError {
  const { status } = response;
  const said = saidIn(text);
  const meaning = meaningOf(status, said);
  const unknown = change && status >= 500 && !said.own;
  const words = [said.message, ...said.related].filter(Boolean).join(' — ');
  return new ApiError(
    meaning.code,
    `${what} was answered with HTTP ${status}${words && `: ${words}`}${
      said.code === undefined ? '' : ` (error_code ${said.code})`
    }`,
    {
      remedy: unknown ? 'Look at the object before trying again.' : meaning.remedy,
      retryable: !unknown && (meaning.retryable ?? false),
      effect: unknown ? 'unknown' : 'none',
      details: {
        status,
        ...(said.code !== undefined && { error_code: said.code }),
        ...(said.module && { module_name: said.module }),
        ...(said.message && { error_message: said.message }),
        ...(said.related.length > 0 && { related_errors: said.related }),
      },
    },
  );
}

/** Whether a request was turned away before anything was done because nobody is logged in. */
export const isLoggedOut = (status: number, text: string): boolean => {
  if (status === 401) return true;
  if (status !== 403) return false;
  const { code } = saidIn(text);
  return code === 98 || code === 403;
};

/** Whether an error means that the object is not what it was when it was read. */
export const isStale = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.code === 'CONFLICT' && error.effect === 'none';

function meaningOf(status: number, { code }: Said): Meaning {
  if (status === 412 || status === 409 || (code !== undefined && staleCodes.has(code)))
    return {
      code: 'CONFLICT',
      remedy: 'Somebody else changed it in between: preview again and look at the new plan.',
      retryable: true,
    };
  if (code === inUse)
    return {
      code: 'BLOCKED',
      remedy: 'Remove what refers to it first; the message names it.',
    };
  return meanings[status] ?? { code: 'UPSTREAM', remedy: later, retryable: status >= 500 };
}

/** `{error_code, error_message, module_name, related_errors}`; `error_code` is a string on failed logins. */
export function saidIn(text: string): Said {
  const body = read(text);
  const field = (of: unknown, name: string): unknown =>
    (of as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  const message = field(body, 'error_message');
  const code = Number(field(body, 'error_code') ?? Number.NaN);
  const module = field(body, 'module_name');
  const related = field(body, 'related_errors');
  const known = Number.isInteger(code);
  return {
    message: typeof message === 'string' ? message : '',
    code: known ? code : undefined,
    module: typeof module === 'string' ? module : undefined,
    related: (Array.isArray(related) ? related : []).flatMap((each: unknown) => {
      const words = field(each, 'error_message');
      return typeof words === 'string' ? [words] : [];
    }),
    own: known || typeof message === 'string',
  };
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
