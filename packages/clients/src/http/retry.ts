import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, stopped } from './errors.js';
import type { Request, Response, Transport } from './transport.js';

/** Milliseconds to wait at most, whatever a server asks for. */
const longest = 60_000;
const tries = 3;

export interface RetryOptions {
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly random?: () => number;
  readonly now?: () => number;
}

const waitFor = async (milliseconds: number, signal?: AbortSignal) => {
  await sleep(milliseconds, undefined, signal ? { signal } : {});
};

/**
 * Sends reads up to three times when a server is busy (429, 503) or drops the connection, waiting as
 * long as it asks, with full jitter when it does not say. Changes pass through once. The caller's
 * signal ends the waiting.
 */
export function retrying(
  transport: Transport,
  { wait = waitFor, random = Math.random, now = Date.now }: RetryOptions = {},
): Transport {
  const pause = async (request: Request, milliseconds: number) => {
    try {
      await wait(milliseconds, request.signal);
    } catch (reason) {
      throw request.signal?.aborted ? stopped(request.signal, 'A busy server') : reason;
    }
  };
  const backoff = (attempt: number) => random() * 500 * 2 ** attempt;

  return {
    stopConnecting: () => transport.stopConnecting(),
    close: () => transport.close(),
    async send(request) {
      for (let attempt = 1; request.idempotent && attempt < tries; attempt++) {
        try {
          const response = await transport.send(request);
          if (response.status !== 429 && response.status !== 503) return response;
          await drain(response);
          const asked = retryAfter(response.headers['retry-after'], now());
          await pause(request, asked ?? backoff(attempt));
        } catch (error) {
          if (!(error instanceof ApiError) || error.code !== 'CONNECTION_LOST') throw error;
          await pause(request, backoff(attempt));
        }
      }
      return transport.send(request);
    },
  };
}

/** Milliseconds a Retry-After header (seconds or an HTTP date) asks for, at most a minute. Nonsense: undefined. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (!header) return undefined;
  const text = header.trim();
  const asked = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(asked) ? undefined : Math.min(Math.max(asked, 0), longest);
}

/** Reads a small body so that its connection can be used again; leaves a large one. */
async function drain({ body }: Response): Promise<void> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > 64 * 1024) return;
  }
}
