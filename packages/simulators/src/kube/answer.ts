import type { ServerResponse } from 'node:http';
import { writeBody } from '../server/body.js';
import type { Failure } from '../server/faults.js';

/** What a request is answered with: JSON, or text, or nothing. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
  readonly text?: string;
}

/** What nothing serves, in the words of kube-apiserver. */
export const noSuchPage: Answer = { status: 404, text: '404 page not found\n' };

/** Writes an answer, then fails as a fault says. */
export async function writeAnswer(
  response: ServerResponse,
  { status, headers = {}, body, text }: Answer,
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
  response.setHeader(
    'content-type',
    text === undefined ? 'application/json' : 'text/plain; charset=utf-8',
  );
  await writeBody(response, [text ?? JSON.stringify(body)], cut);
}
