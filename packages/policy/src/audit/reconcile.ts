import type { Draft, Event } from './event.js';
import type { Store } from './store.js';

/**
 * Marks every change whose writer died between intent and outcome as in doubt: it may or may not have
 * happened. Runs when a program starts, before its first call. Resolves to how many were found.
 */
export async function reconcile(store: Store): Promise<number> {
  await store.ready();
  const dangling = store.abandoned();
  const marked = await Promise.all(dangling.map((intent) => store.append(doubt(intent))));
  return marked.filter(Boolean).length;
}

function doubt(intent: Event): Draft {
  const { args, plan } = JSON.parse(intent.body) as Record<string, unknown>;
  return {
    ...intent,
    phase: 'in_doubt',
    status: 'in_doubt',
    duration_us: 0,
    body: {
      intent: intent.seq,
      args,
      plan,
      check:
        'The program ended before it knew the outcome. Look at the object itself before repeating the change.',
    },
  };
}
