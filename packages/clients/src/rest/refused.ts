import { ApiError } from '../http/errors.js';
import type { Answer } from './exchange.js';

interface Meaning {
  readonly code: string;
  readonly remedy: string;
  readonly retryable?: boolean;
}

const later = 'Try again later, and check proxies between here and the server.';

const meanings: Readonly<Record<number, Meaning>> = {
  400: { code: 'INVALID_ARGUMENT', remedy: 'Correct the argument that is named.' },
  403: {
    code: 'NO_PERMISSION',
    remedy: 'Ask an administrator to give the account the missing privilege on this object.',
  },
  404: { code: 'NOT_FOUND', remedy: 'Look the object up again; it is gone.' },
  429: { code: 'BUSY', remedy: later, retryable: true },
  502: { code: 'UPSTREAM', remedy: later, retryable: true },
  503: { code: 'BUSY', remedy: later, retryable: true },
  504: { code: 'UPSTREAM', remedy: later, retryable: true },
};

/** Where the error type says more than the status. */
const byType: Readonly<Record<string, Meaning>> = {
  ALREADY_EXISTS: {
    code: 'ALREADY_EXISTS',
    remedy: 'Choose another name, or change the object that has it.',
  },
  NOT_ALLOWED_IN_CURRENT_STATE: {
    code: 'CONFLICT',
    remedy: 'Wait until the object has the state that is needed, then preview again.',
  },
  RESOURCE_IN_USE: {
    code: 'BLOCKED',
    remedy: 'Remove what uses it first; the message names it.',
  },
  UNSUPPORTED: {
    code: 'NOT_SUPPORTED',
    remedy: 'Leave out what the message names, or use a vCenter Server that supports it.',
  },
};

/** A read that was not answered with success, as an ApiError that keeps the server's type and words. */
export function refused(what: string, answer: Answer): ApiError {
  const { status } = answer;
  const { type, messages } = saidIn(answer);
  const {
    code,
    remedy,
    retryable = false,
  } = byType[type] ?? meanings[status] ?? { code: 'UPSTREAM', remedy: later };
  const said = messages.join(' — ') || type;
  return new ApiError(code, `${what} was answered with HTTP ${status}${said && `: ${said}`}`, {
    remedy,
    retryable,
    details: { status, ...(type && { error_type: type }), ...(messages.length && { messages }) },
  });
}

/** The same of a change. An answer of 5xx that is not the server's own leaves open what happened. */
export function refusedChange(what: string, answer: Answer): ApiError {
  const error = refused(what, answer);
  if (answer.status < 500 || saidIn(answer).type !== '') return error;
  return new ApiError(error.code, error.message, {
    remedy: 'Look at the object before trying again.',
    effect: 'unknown',
    ...(error.details && { details: error.details }),
  });
}

/**
 * The error type and messages: `{error_type, messages}` under /api, `{type, value: {messages}}` or
 * `{name, localizableMessages}` under /rest.
 */
export function saidIn({ body }: Answer): { type: string; messages: readonly string[] } {
  const type = field(body, 'error_type') ?? field(body, 'type') ?? field(body, 'name');
  const messages =
    field(body, 'messages') ??
    field(field(body, 'value'), 'messages') ??
    field(body, 'localizableMessages');
  return {
    type: typeof type === 'string' ? type : '',
    messages: (Array.isArray(messages) ? messages : []).flatMap((each: unknown) => {
      const text = field(each, 'default_message') ?? field(each, 'defaultMessage');
      return typeof text === 'string' && text ? [text] : [];
    }),
  };
}

const field = (of: unknown, name: string): unknown =>
  (of as Readonly<Record<string, unknown>> | null | undefined)?.[name];
