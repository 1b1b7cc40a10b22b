import type { Statement } from './driver.js';
import type { Draft } from './event.js';

/**
 * Intents whose commit failed, so that nothing was sent. When the row was written and only making it durable failed,
 * SQLite finds it again in its WAL: unsaid, it would be a change in doubt.
 */
export class RefusedIntents {
  readonly #drafts = new Map<string, Draft>();

  add(draft: Draft): void {
    if (draft.phase === 'intent') this.#drafts.set(draft.op_id, draft);
  }

  /** Outcomes of those that are pending in the log after all; `settle` takes them off. */
  outcomes(settle: Statement): Draft[] {
    return [...this.#drafts.values()]
      .filter(({ op_id }) => Number(settle.run(op_id).changes) > 0)
      .map((draft) => ({ ...draft, phase: 'outcome', status: 'failed', body: { error: notSent } }));
  }

  /** The outcomes are on disk. */
  clear(): void {
    this.#drafts.clear();
  }
}

const notSent = {
  code: 'AUDIT_UNAVAILABLE',
  message: 'The intent could not be made durable. Nothing was sent.',
  remedy: 'Run `vmware-audit verify`, then preview again and repeat the change.',
};
