import { changeError, changeInText, type PlainChange, textOfChange } from '@vmware/clients/http';
import type { Context, Plan } from '@vmware/policy';

/** Whatever sends a change, once. */
export interface Sender {
  send(change: PlainChange, options: { readonly signal: AbortSignal }): Promise<unknown>;
}

/** How a plan names a request, whole: `DELETE /api/vcenter/namespaces/instances/dev`. */
export const requestOf: (change: PlainChange) => string = textOfChange;

/**
 * Sends the requests of the plan that was agreed to, in order, and nothing else. Resolves to the answer of the
 * last. `check` is the command that shows whether it happened, for an answer that is lost on the way.
 */
export async function sendPlanned<T = unknown>(
  sender: Sender,
  { plan: { requests }, signal, progress }: Context<Plan>,
  check: string,
): Promise<T> {
  let answer: unknown;
  for (const [at, request] of requests.entries()) {
    try {
      answer = await sender.send(changeInText(request), { signal });
    } catch (error) {
      throw changeError(error, { done: at, total: requests.length, check });
    }
    progress({ done: at + 1, total: requests.length });
  }
  return answer as T;
}
