import { ApiError } from '../http/errors.js';
import { SessionLost } from '../http/session.js';
import type { Response, Transport } from '../http/transport.js';
import { envelope } from './envelope.js';
import { Answer } from './parse.js';
import { nothing } from './row.js';
import type { Ref, Row } from './types.js';
import { VimFault } from './vim-fault.js';

/** One method call. */
export interface Invocation {
  readonly method: string;
  readonly on: Ref;
  readonly args?: Readonly<Record<string, unknown>>;
  /** `name=value` of the session, absent before login. */
  readonly cookie?: string;
  /** API version to speak, as in `urn:vim25/8.0.3.0`. */
  readonly version: string;
  /** Whether the call changes something. Then it is sent once, and a lost answer is `unknown`. */
  readonly changes: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Looks at what the result does not show. */
export interface Watch {
  /** The HTTP answer, before its body is read. */
  readonly received?: (response: Response) => void;
  /** The result as far as it has come when there are rows: what stands before them. */
  readonly begun?: (partial: Readonly<Record<string, unknown>>) => void;
}

/**
 * Sends one call and yields its ObjectContent rows as they are parsed, chunk by chunk; the method's result is the
 * generator's return value. Throws VimFault, SessionLost (NotAuthenticated, as a fault or in place of
 * a property) or ApiError.
 */
export async function* exchange(
  transport: Transport,
  invocation: Invocation,
  { received, begun }: Watch = {},
): AsyncGenerator<Row[], unknown> {
  const { method, on, args = {}, cookie, version, changes, signal } = invocation;
  const response = await transport.send({
    method: 'POST',
    path: '/sdk',
    headers: {
      'content-type': 'text/xml; charset=utf-8',
      soapaction: `"urn:vim25/${version}"`,
      ...(cookie && { cookie }),
    },
    body: envelope(method, on, args),
    signal,
    idempotent: !changes,
  });
  received?.(response);
  await refuseOther(response, method, changes);
  const answer = new Answer(method);
  let hasBegun = false;
  try {
    for await (const chunk of response.body) {
      answer.write(chunk);
      const rows = answer.takeRows();
      if (rows.length > 0 && !hasBegun) {
        hasBegun = true;
        begun?.(answer.partial);
      }
      if (rows.some(isUnauthenticated)) throw new SessionLost();
      if (rows.length > 0) yield rows;
    }
    return answer.end();
  } catch (error) {
    if (error instanceof VimFault && error.type === 'NotAuthenticated') throw new SessionLost();
    if (error instanceof VimFault || error instanceof ApiError || error instanceof SessionLost)
      throw error;
    throw garbled(method, error, changes);
  }
}

const isUnauthenticated = ({ missing }: Row): boolean =>
  missing !== nothing && Object.values(missing).includes('NotAuthenticated');

/** Sends one call whose answer has no rows. */
export async function invoke(
  transport: Transport,
  invocation: Invocation,
  watch: Watch = {},
): Promise<unknown> {
  const answer = exchange(transport, invocation, watch);
  for (;;) {
    const step = await answer.next();
    if (step.done) return step.value;
  }
}

/** Anything but SOAP comes from something between us and the server, or from another server. */
async function refuseOther(response: Response, method: string, changes: boolean): Promise<void> {
  const { status, headers, body } = response;
  const isXml = headers['content-type']?.includes('xml') ?? false;
  if (isXml && (status === 200 || status === 500)) return;
  for await (const _ of body) break;
  const unknown = changes && status >= 500;
  const missing = status === 404;
  throw new ApiError(
    'UPSTREAM',
    `${method} was answered with HTTP ${status}${isXml ? '' : ' and no SOAP message'}${
      unknown ? '; the change had been sent and may have happened' : ''
    }`,
    {
      remedy: missing
        ? 'Check host: and port: in config.yaml; there is no vSphere API at that address.'
        : unknown
          ? 'Look at the object before trying again.'
          : 'Try again later, and check proxies between here and the server.',
      retryable: !unknown && [429, 502, 503, 504].includes(status),
      effect: unknown ? 'unknown' : 'none',
      details: { status },
    },
  );
}

function garbled(method: string, error: unknown, changes: boolean): ApiError {
  const reason = error instanceof Error ? error.message : String(error);
  return new ApiError(
    'UPSTREAM',
    `The answer to ${method} cannot be read: ${reason}${
      changes ? '; the change had been sent and may have happened' : ''
    }`,
    {
      remedy: changes ? 'Look at the object before trying again.' : 'Try again.',
      retryable: !changes,
      effect: changes ? 'unknown' : 'none',
      cause: error,
    },
  );
}
