import type { ServerResponse } from 'node:http';
import { writeBody } from '../server/body.js';
import type { Failure } from '../server/faults.js';

/** What a request is answered with, before anything goes wrong on the way. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; nothing is sent when absent. */
  readonly body?: unknown;
}

/** Writes an answer, then fails as a fault says: nothing of it arrives when it is dropped or cut to nothing. */
export async function writeAnswer(
  response: ServerResponse,
  { status, headers = {}, body }: Answer,
  failure?: Failure,
): Promise<void> {
  const cut =
    typeof failure === 'object' && 'cutAfterBytes' in failure ? failure.cutAfterBytes : undefined;
  if ((typeof failure === 'object' && 'drop' in failure) || cut === 0) {
    response.destroy();
    return;
  }
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body === undefined) {
    response.end();
    return;
  }
  response.setHeader('content-type', 'application/json');
  await writeBody(response, [JSON.stringify(body)], cut);
}

/** Resolves when the client, or the simulation, has given up. */
export const closed = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    if (response.destroyed) resolve();
    else response.once('close', () => resolve());
  });
