import type { IncomingMessage, ServerResponse } from 'node:http';

/** The largest request that is read: 4 MiB. */
export const largest = 4 * 2 ** 20;
const piece = 64 * 1024;

/** Reads a request's body as text; `undefined` when it is larger than `largest`. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largest) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Writes an answer in pieces of 64 KiB, at the pace the client reads. `cut` ends the connection after so many bytes. */
export async function writeBody(
  response: ServerResponse,
  parts: Iterable<string>,
  cut = Number.POSITIVE_INFINITY,
): Promise<void> {
  let left = cut;
  let first = true;
  let held = '';
  const send = async (last: boolean): Promise<boolean> => {
    let bytes = Buffer.from(held);
    held = '';
    if (first && last && cut === Number.POSITIVE_INFINITY)
      response.setHeader('content-length', bytes.length);
    first = false;
    const ends = bytes.length >= left;
    if (ends) bytes = bytes.subarray(0, left);
    left -= bytes.length;
    if (last && !ends && cut === Number.POSITIVE_INFINITY) response.end(bytes);
    else if (!response.write(bytes)) await drained(response);
    return ends;
  };
  for (const part of parts) {
    held += part;
    if (held.length >= piece && (await send(false))) break;
    if (response.destroyed) return;
  }
  if (left > 0) await send(true);
  if (cut !== Number.POSITIVE_INFINITY) setImmediate(() => response.destroy());
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
