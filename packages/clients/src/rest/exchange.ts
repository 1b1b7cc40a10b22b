import { ApiError } from '../http/errors.js';
import { type Request, type Transport, textOf } from '../http/transport.js';

/** An answer with its JSON read; `body` is undefined where there is none, or none that can be read. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends one request and reads its answer to the end. Any HTTP status is an answer. */
export async function exchange(transport: Transport, request: Request): Promise<Answer> {
  const response = await transport.send({
    ...request,
    headers: { accept: 'application/json', ...request.headers },
  });
  return { status: response.status, body: json(await textOf(response)) };
}

export const isSuccess = ({ status }: Answer): boolean => status >= 200 && status < 300;

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An answer that is no answer to `what`: it comes from another server, or from something in between. */
export const unreadable = (what: string, reason: string): ApiError =>
  new ApiError('UPSTREAM', `The answer to ${what} cannot be read: ${reason}`, {
    remedy: 'Try again later, and check proxies between here and the server.',
    retryable: true,
  });
