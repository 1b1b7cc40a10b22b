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

/** A read that was not answered with success, as an ApiError that keeps the server's type and words. */
export function refused(what: string, answer: Answer): ApiError {
  const { status } = answer;
  const {
    code,
    remedy,
    retryable = false,
  } = meanings[status] ?? { code: 'UPSTREAM', remedy: later };
  const { type, messages } = saidIn(answer);
  const said = messages.join(' — ') || type;
  return new ApiError(code, `${what} was answered with HTTP ${status}${said && `: ${said}`}`, {
    remedy,
    retryable,
    details: { status, ...(type && { error_type: type }), ...(messages.length && { messages }) },
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
