import { ApiError, changeError, changeInText, textOfChange } from '@vmware/clients/http';
import type { Change, Nsx } from '@vmware/clients/nsx';
import { scopeOf } from '@vmware/clients/nsx';
import type { Context, Plan } from '@vmware/policy';
import { quoted } from './objects.js';

/** How a plan names a request, whole: `PUT /policy/api/v1/infra/domains/default/groups/web {…}`. */
export const requestOf: (change: Change) => string = textOfChange;

/**
 * Sends the requests of the plan that was agreed to, in order, and nothing else. Resolves to the answer of the
 * last. `check` is the command that shows whether it happened, for an answer that is lost on the way.
 */
export async function sendPlanned<T = undefined>(
  nsx: Nsx,
  context: Context<Plan>,
  check: string,
): Promise<T> {
  const { requests } = context.plan;
  let answer: unknown;
  for (const at of requests.keys()) {
    answer = await sendRequest(nsx, context, at, check);
    context.progress({ done: at + 1, total: requests.length });
  }
  return answer as T;
}

/** Sends one request of the agreed plan, for a change that looks at something between its requests. */
export async function sendRequest<T = undefined>(
  nsx: Nsx,
  { plan: { requests }, signal }: Context<Plan>,
  at: number,
  check: string,
): Promise<T> {
  try {
    return await nsx.send<T>(changeInText(requests[at] ?? ''), { signal });
  } catch (error) {
    throw changeError(error, { done: at, total: requests.length, check });
  }
}

/** The command line that shows an object of this scope: `policy get shop`. In another scope it would show another. */
export const checkIn = (nsx_scope: string | undefined, words: string): string => {
  const { name } = scopeOf(nsx_scope);
  return `vmware-nsx-security ${words}${name === 'default' ? '' : ` --scope ${quoted(name)}`}`;
};

/**
 * Reads what a change has made of things. The change was accepted before: when that cannot be read, it did not
 * fail, so the error says `effect: 'unknown'` and names the command to look with.
 */
export async function lookBack<T>(
  { plan: { requests } }: Context<Plan>,
  check: string,
  look: () => Promise<T>,
): Promise<T> {
  if (requests.length === 0) return look();
  try {
    return await look();
  } catch (error) {
    const { message = 'unknown error', details } = error as Partial<ApiError>;
    throw new ApiError(
      'UPSTREAM',
      `NSX accepted it, but what came of it cannot be read: ${message}`,
      {
        remedy: `Run \`${check}\` to see what came of it.`,
        effect: 'unknown',
        cause: error,
        details: { ...details, check },
      },
    );
  }
}
