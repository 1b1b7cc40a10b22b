import { ApiError } from '../http/errors.js';
import { type Status, statusIn } from './status.js';

export interface Refusal {
  /** The request and where it went, for the message. */
  readonly what: string;
  readonly status: number;
  readonly text: string;
  /** Whether it could have changed anything; then an answer of unclear origin leaves open what happened. */
  readonly change: boolean;
}

interface Meaning {
  readonly code: string;
  readonly remedy: string;
  readonly retryable?: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
}

const later = 'Try again later, and check proxies between here and the server.';
const look = 'Look at the object before trying again.';
const correct = 'Correct what the message names.';

/**
 * A request that Kubernetes did not accept, with the server's own message, reason and causes. Codes:
 * INVALID_ARGUMENT (400, 422), AUTH_FAILED (401), NO_PERMISSION, QUOTA_EXCEEDED and ADMISSION_DENIED (403),
 * NOT_FOUND, API_NOT_SERVED (404 of a route), CONFLICT, ALREADY_EXISTS, EXPIRED (410), BUSY, UPSTREAM.
 */
export function refused({ what, status, text, change }: Refusal): ApiError {
  const said = statusIn(text);
  const meaning = meaningOf(status, said, text);
  const unknown = change && leavesOpen(status, said);
  const causes = said?.causes.map(({ field, message }) =>
    field ? `${field}: ${message}` : message,
  );
  // A body that is no Status may be a page of a proxy: its beginning says enough.
  const words = said ? said.message : text.trim().slice(0, 200);
  return new ApiError(
    meaning.code,
    `${what} was answered with HTTP ${status}${words && `: ${words}`}${
      unknown ? '; the change had been sent and may have happened' : ''
    }`,
    {
      remedy: unknown ? look : meaning.remedy,
      retryable: !unknown && (meaning.retryable ?? false),
      effect: unknown ? 'unknown' : 'none',
      details: {
        status,
        ...(said?.reason && { reason: said.reason }),
        ...(said?.message && { message: said.message }),
        ...(causes && causes.length > 0 && { causes }),
        ...meaning.details,
      },
    },
  );
}

/** Whether an error means: what was continued is no longer kept, list again. */
export const isExpired = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.code === 'EXPIRED';

/** Whether the object is not what it was when it was read. */
export const isStale = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.code === 'CONFLICT' && error.effect === 'none';

/** A server error after a change was passed on; a failing webhook and a server that is not up come before that. */
function leavesOpen(status: number, said: Status | undefined): boolean {
  if (status < 500) return false;
  if (!said) return true;
  return said.reason !== 'ServiceUnavailable' && !/failed calling webhook/.test(said.message);
}

function meaningOf(status: number, said: Status | undefined, text: string): Meaning {
  const denied = denialOf(said);
  if (denied) return denied;
  switch (status) {
    case 400:
    case 413:
    case 415:
    case 422:
      return { code: 'INVALID_ARGUMENT', remedy: correct };
    case 401:
      return {
        code: 'AUTH_FAILED',
        remedy: 'Fetch a new kubeconfig, or correct the credential: the server does not know it.',
      };
    case 403:
      return forbidden(said);
    case 404:
      return said?.name || said?.kind
        ? { code: 'NOT_FOUND', remedy: 'List the objects again; it is not there.' }
        : {
            code: 'API_NOT_SERVED',
            remedy: 'Check the version of the server: it has no such resource.',
          };
    case 405:
      return { code: 'NOT_SUPPORTED', remedy: 'Check the version of the server.' };
    case 409:
      return said?.reason === 'AlreadyExists'
        ? {
            code: 'ALREADY_EXISTS',
            remedy: 'Choose another name, or change the one that is there.',
          }
        : {
            code: 'CONFLICT',
            remedy: 'Somebody else changed it in between: preview again and look at the new plan.',
            retryable: true,
          };
    case 410:
      return { code: 'EXPIRED', remedy: 'List the objects again from the start.', retryable: true };
    case 429:
    case 503:
      return { code: 'BUSY', remedy: later, retryable: true };
    default:
      return {
        code: 'UPSTREAM',
        remedy: /^\s*</.test(text) ? 'Check host: and proxies between here and the server.' : later,
        retryable: status >= 500,
      };
  }
}

/** Admission webhooks answer with any status; their text has one form, that of policies another. */
function denialOf(said: Status | undefined): Meaning | undefined {
  const webhook = /admission webhook "([^"]{1,253})" denied the request/.exec(said?.message ?? '');
  const policy = /ValidatingAdmissionPolicy '([^']{1,253})'.{0,300}denied request/s.exec(
    said?.message ?? '',
  );
  if (!webhook && !policy) return undefined;
  const details = webhook ? { webhook: webhook[1] } : { policy: policy?.[1] };
  return { code: 'ADMISSION_DENIED', remedy: correct, details };
}

function forbidden(said: Status | undefined): Meaning {
  const message = said?.message ?? '';
  const quota = /exceeded quota: ([^,\s]{1,253})/.exec(message);
  if (quota)
    return {
      code: 'QUOTA_EXCEEDED',
      remedy: 'Free what counts against the quota, or have it raised.',
      details: { quota: quota[1] },
    };
  const access =
    /cannot (\S{1,63}) (?:resource|path) "([^"]{1,253})"(?: in API group "([^"]{0,253})")?(?: in the namespace "([^"]{1,63})")?/.exec(
      message,
    );
  if (access || !said) {
    const [, verb, resource, group, namespace] = access ?? [];
    return {
      code: 'NO_PERMISSION',
      remedy: verb
        ? `Ask an administrator for the right to ${verb} ${resource}${namespace ? ` in ${namespace}` : ''}.`
        : 'Ask an administrator for the missing right.',
      details: {
        ...(verb && { verb, resource }),
        ...(group && { group }),
        ...(namespace && { namespace }),
      },
    };
  }
  if (said.causes.some(({ reason }) => reason === 'NamespaceTerminating'))
    return { code: 'BLOCKED', remedy: 'Wait until the namespace is gone, or use another one.' };
  return { code: 'ADMISSION_DENIED', remedy: correct };
}
